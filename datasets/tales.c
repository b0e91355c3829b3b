// tales.c, for lessons 06 to 11: small stories from a grammar, of any size, and the exact entropy of what it tells.
//
// A story is a chain of choices: which names, which verb, one more sentence or not. tell() makes the choices with a
// random number generator and writes the words. Because every text can have come about in one way only (see apart()),
// the choices can be read back from the text, and
//     -log2 p(text)  =  the sum over its choices of -log2 p(choice).
// read_story() computes that sum for a given text; expect_rule() computes its mean over all stories. Both walk the
// same table as tell() does, so there is one model, and it is the source itself.
#include "../common/rng.h"
#include "../common/util.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// --- the grammar ---

// Ways to say something, parted by |, each with this weight. A rule may have several rows. In a text,
//     {rule}       is one way of the rule, chosen by weight, whatever the story has said so far;
//     {the.list}   is a word of the list, drawn at its first mention, and the same word in the rest of the story;
//     {new.list}   is a word for the friend who is being introduced, drawn likewise: no two friends share a word;
//     {a.list}     is the word of some friend: any, at the first {a...} of the text, and the same one after it;
//     {b.list}     is another friend's.
// So a, b and new are local variables of one text. Lists have equal weights, since their words are drawn without
// replacement: then every word that is left is equally likely, whatever was drawn before.
typedef struct {
    const char *rule;
    int weight;
    const char *ways;
} Row;

static const Row GRAMMAR[] = {
    {"tale", 3, "Here are two friends. {friend} {friend}\n{middle}\n{questions}\n"},
    {"tale", 4, "Here are three friends. {friend} {friend} {friend}\n{middle}\n{questions}\n"},
    {"tale", 3, "Here are four friends. {friend} {friend} {friend} {friend}\n{middle}\n{questions}\n"},
    {"long tale", 3, "Here are two friends. {friend} {friend}\n{long middle}\n{questions}\n"},
    {"long tale", 4, "Here are three friends. {friend} {friend} {friend}\n{long middle}\n{questions}\n"},
    {"long tale", 3, "Here are four friends. {friend} {friend} {friend} {friend}\n{long middle}\n{questions}\n"},

    // The facts. No object, colour or food is named again before the questions.
    {"friend", 1, "{new.name} has a {new.colour} {new.object} and likes {new.food}."
                  "|{new.name} likes {new.food} and has a {new.colour} {new.object}."},
    {"name", 1, "Mia|Ben|Lily|Noah|Zoe|Jack|Rosa|Emma|Leo|Ruby|Max|Clara|Hugo|Kai|Nora|Finn|Daisy|Felix|Greta|Ravi"
                "|Yuki|Layla|Kofi|Hana|Tom|Amir|Ivy|Oscar|Pia|Sam|Vera|Will"},
    {"object", 1, "kite|drum|ball|hat|boat|book|bell|lamp|map|flute|basket|ribbon|puzzle|cup|coat|box|scarf|whistle"
                  "|wagon|doll|bike|spoon|key|bucket|clock|rope|sled|bag|broom|plate|mask|jar"},
    {"colour", 1, "red|blue|green|yellow|white|black|brown|pink|grey|purple|silver|golden"},
    {"food", 1, "plums|pears|figs|nuts|buns|grapes|beans|lemons|peaches|carrots|cakes|cherries|berries|melons|noodles"
                "|apples"},

    // Three questions, each about another kind of fact, each about any friend: no answer helps with the next one.
    {"questions", 1, "{owner}\n{tint}\n{taste}\n"},
    {"owner", 1, "Who has the {a.object}? {a.name} has the {a.object}."
                 "|What does {a.name} have? {a.name} has the {a.object}."},
    {"tint", 1, "What colour is the {a.object}? The {a.object} is {a.colour}."
                "|What is {a.colour}? It is the {a.object}."},
    {"taste", 1, "Who likes {a.food}? {a.name} likes {a.food}."
                 "|What does {a.name} like? {a.name} likes {a.food}."},

    // What happens in between.
    {"middle", 2, "{opening} {event} {meeting} {ending}"},
    {"middle", 4, "{opening} {event} {meeting} {event} {ending}"},
    {"middle", 3, "{opening} {event} {meeting} {event} {event} {ending}"},
    {"middle", 1, "{opening} {event} {meeting} {event} {event} {event} {ending}"},
    {"long middle", 1, "{opening} {event} {event} {meeting} {event} {event} {event} {event} {ending}"},
    {"long middle", 1, "{opening} {event} {event} {meeting} {event} {event} {event} {event} {event} {ending}"},

    {"opening", 3, "One {sunny} {morning} they {went} to the {dear} {the.place}."},
    {"opening", 1, "It was a {sunny} {morning} at the {dear} {the.place}."},
    {"sunny", 3, "sunny|warm|fine"},
    {"sunny", 2, "windy|cold|bright|cool"},
    {"sunny", 1, "rainy|foggy|snowy|misty|cloudy|mild"},
    {"morning", 3, "morning"},
    {"morning", 2, "day|afternoon"},
    {"morning", 1, "evening"},
    {"went", 3, "went|walked"},
    {"went", 2, "ran|hurried"},
    {"went", 1, "rode|marched|wandered|skipped|raced"},
    {"dear", 2, "old|little|quiet|big"},
    {"dear", 1, "new|lovely|famous|busy|distant|green"},
    {"place", 1, "pond|hill|river|garden|forest|meadow|bridge|barn|beach|mill|lake|farm|valley|market|castle|park"},

    {"meeting", 2, "Then they met {a shy} {the.animal}. {need} {thanks}"},
    {"meeting", 1, "Soon {a shy} {the.animal} came {along}. {need} {thanks}"},
    {"along", 2, "along|by"},
    {"along", 1, "running|hopping|singing|crying"},
    {"need", 3, "It was hungry, so {a.name} gave it some {bread}."},
    {"need", 3, "It was {sad}, so {a.name} {sang} for it."},
    {"need", 2, "It was {tired}, so {a.name} made it a bed of {hay}."},
    {"need", 1, "It was lost, so {a.name} and {b.name} drew it a map of the {the.place}."},
    {"bread", 2, "bread|milk|soup"},
    {"bread", 1, "cheese|honey|rice|corn|water"},
    {"sad", 2, "sad|lonely"},
    {"sad", 1, "bored|shy|afraid"},
    {"tired", 2, "tired|cold"},
    {"tired", 1, "ill|sleepy|wet"},
    {"hay", 2, "hay|leaves"},
    {"hay", 1, "moss|wool|straw|feathers|sand"},
    {"thanks", 2, "'Thank you,' said the {the.animal}."},
    {"thanks", 1, "'You are {kind},' said the {the.animal}."},
    {"kind", 2, "kind|good"},
    {"kind", 1, "very kind|a true friend|so nice"},

    {"event", 3, "{a.name} {sang} like {a shy} {animal}."},
    {"event", 3, "{a.name} {found} a {small} {stone} {near} the {tree}."},
    {"event", 3, "A {shy} {animal} {slept} {near} a {tall} {tree}."},
    {"event", 2, "They saw {two} {shy} {animal}s {near} the {tree}."},
    {"event", 2, "{a.name} told {b.name} a {funny} {story} about {a shy} {animal}."},
    {"event", 1, "{a.name} and {b.name} {went} to the {tall} {tree}."},
    {"event", 1, "'I see {a shy} {animal},' said {a.name}."},
    {"event", 1, "'Is that a {shy} {animal}?' asked {a.name}. 'No, it is a {small} {stone},' said {b.name}."},
    {"event", 1, "{a.name} made a {shy} {animal} out of {sand}."},
    {"animal", 1, "duck|frog|hen|goat|pig|cow|rabbit|cat|dog|hedgehog|sparrow|lamb|robin|turtle|squirrel|swan|crow"
                  "|badger|bear|snail|kitten|beaver|parrot|lion"},
    {"a shy", 9, "a {shy}"},
    {"a shy", 1, "an old"},
    {"shy", 3, "small|big|shy|happy"},
    {"shy", 2, "brave|clever|funny|young|tiny|sleepy|hungry|friendly"},
    {"shy", 1, "proud|busy|gentle|lazy|merry|noisy|quiet|lonely|silly|fluffy|wise|kind"},
    {"sang", 3, "sang|danced"},
    {"sang", 2, "jumped|laughed|hummed|whistled"},
    {"sang", 1, "hopped|spun|skipped|rolled|yawned|smiled|clapped|played"},
    {"found", 3, "found|saw"},
    {"found", 1, "hid|lost|left|dropped|washed|kept"},
    {"small", 3, "small|round"},
    {"small", 2, "smooth|shiny|flat|tiny|big|pretty"},
    {"small", 1, "strange|long|soft|heavy|lovely|dry|perfect|lucky"},
    {"stone", 2, "stone|feather|leaf|flower"},
    {"stone", 1, "shell|seed|stick|nest|button|coin|ring|bone|rose|pebble|egg cup|shoe"},
    {"near", 2, "near|beside|behind"},
    {"near", 1, "by|next to|in front of|under"},
    {"tall", 2, "tall|big|small"},
    {"tall", 1, "wide|round|dark|lovely|crooked|mossy|hollow|strange|long"},
    {"tree", 3, "tree"},
    {"tree", 2, "bush|wall|fence|gate"},
    {"tree", 1, "rock|log|well|bench|hedge|tent|tower|statue|house|ladder|cart"},
    {"slept", 2, "slept|sat|played"},
    {"slept", 1, "sang|danced|rested|waited|hid|yawned|ate|hummed"},
    {"two", 2, "two|three"},
    {"two", 1, "four|five|six|seven|ten|many"},
    {"funny", 2, "funny|long|short"},
    {"funny", 1, "sad|strange|silly|true|new|lovely|secret"},
    {"story", 2, "story|joke"},
    {"story", 1, "poem|riddle|song|dream"},
    {"sand", 2, "sand|snow|mud"},
    {"sand", 1, "clay|wool|paper|wood|straw|leaves"},

    {"ending", 2, "In the end they {went} home."},
    {"ending", 1, "Soon the {the.animal} {slept}, and the friends {went} home."},
    {"ending", 1, "So they waved to the {the.animal} and {went} home."},
};

enum { MAX_RULES = 80, MAX_WAYS = 40, MAX_FRIENDS = 4, MAX_TEXT = 400, LONG_RANGE = 300 };

typedef struct {
    const char *at, *end;
} Span;

typedef struct {
    Span name;
    Span way[MAX_WAYS];
    int weight[MAX_WAYS];
    int ways, total;            // total: of the weights
} Rule;

typedef struct {
    Rule rule[MAX_RULES];
    int rules, name;            // name: which rule is the list of names; it says how many friends there are
} Grammar;

typedef enum { NO_ROLE, THE, NEW, A, B, ROLES } Role;

// A piece of a text: words to say as they are (rule -1), or a slot.
typedef struct {
    Span words;
    int rule;
    Role role;
} Piece;

static bool same(Span s, const char *text) {
    size_t n = (size_t)(s.end - s.at);
    return strlen(text) == n && memcmp(s.at, text, n) == 0;
}

static int find_rule(const Grammar *g, Span name) {
    for (int r = 0; r < g->rules; r++)
        if (g->rule[r].name.end - g->rule[r].name.at == name.end - name.at &&
            memcmp(g->rule[r].name.at, name.at, (size_t)(name.end - name.at)) == 0)
            return r;
    return -1;
}

// Takes the first piece off the text.
static Piece next_piece(const Grammar *g, Span *text) {
    const char *start = text->at, *open = memchr(start, '{', (size_t)(text->end - start));
    if (open != start) {
        text->at = open ? open : text->end;
        return (Piece){{start, text->at}, -1, NO_ROLE};
    }
    const char *close = memchr(start, '}', (size_t)(text->end - start));
    CHECK(close, "tales: no } in \"%s\"", start);
    text->at = close + 1;
    const char *dot = memchr(start, '.', (size_t)(close - start));
    Span role = {start + 1, dot ? dot : start + 1}, name = {dot ? dot + 1 : start + 1, close};
    Piece piece = {{start, close + 1}, find_rule(g, name), NO_ROLE};
    CHECK(piece.rule >= 0, "tales: no rule for %.*s", (int)(close + 1 - start), start);
    static const char *const ROLE[ROLES] = {"", "the", "new", "a", "b"};
    while (!same(role, ROLE[piece.role])) CHECK(++piece.role < ROLES, "tales: no such role: %s", start);
    return piece;
}
