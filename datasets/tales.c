// tales.c: tells small stories from a grammar, as many as asked for, and knows exactly how hard they are to predict.
//
// A story is a row of choices: how many friends, which names, what happens, one more sentence or not. Every text can
// have come about in one way only (apart() makes sure), so that the choices can be read back from the text, and
//     -log2 p(text) = the sum over its choices of -log2 p(choice).
// tell() makes the choices, read_rule() finds them in a text and adds up their bits, expect_rule() computes the mean
// of that sum over all stories. All three walk the same table, so the model that scores is the source that tells.
#include "../common/rng.h"
#include "../common/util.h"

#include <argp.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// --- the grammar ---

// A rule's ways to say something are parted by |. A way that begins with a digit and a colon sets the weight of itself
// and of those after it; it is 1 until then. In a way,
//     {rule}      is one way of that rule, chosen by weight, whatever the story has said so far;
//     {the.list}  is a word of the list: drawn where it comes first, the same word in the rest of the story;
//     {new.list}  is a word for the friend who is being introduced, drawn too: no two friends share a word;
//     {a.list}    is a friend's word: any friend's where {a. comes first in this way, the same friend's after that;
//     {b.list}    is another friend's.
// So new, a and b are local variables of a way. Lists have equal weights, because their words are drawn without
// replacement: then every word that is left is equally likely, whichever went before.
static const struct {
    const char *name, *ways;
} GRAMMAR[] = {
    {"tale",
     "3:Here are two friends. {friend} {friend}\n{middle}\n{questions}"
     "|4:Here are three friends. {friend} {friend} {friend}\n{middle}\n{questions}"
     "|3:Here are four friends. {friend} {friend} {friend} {friend}\n{middle}\n{questions}"},
    {"long tale",
     "3:Here are two friends. {friend} {friend}\n{long middle}\n{questions}"
     "|4:Here are three friends. {friend} {friend} {friend}\n{long middle}\n{questions}"
     "|3:Here are four friends. {friend} {friend} {friend} {friend}\n{long middle}\n{questions}"},

    // The facts. Objects, colours and foods are not named again before the questions.
    {"friend",
     "{new.name} has a {new.colour} {new.object} and likes {new.food}."
     "|{new.name} likes {new.food} and has a {new.colour} {new.object}."},
    {"name", "Mia|Ben|Lily|Noah|Zoe|Jack|Rosa|Emma|Leo|Ruby|Max|Clara|Hugo|Kai|Nora|Finn|Daisy|Felix|Greta|Ravi|Yuki"
             "|Layla|Kofi|Hana|Tom|Amir|Ivy|Oscar|Pia|Sam|Vera|Will"},
    {"object", "kite|drum|ball|hat|boat|book|bell|lamp|map|flute|basket|ribbon|puzzle|cup|coat|box|scarf|whistle|wagon"
               "|doll|bike|spoon|key|bucket|clock|rope|sled|bag|broom|plate|mask|jar"},
    {"colour", "red|blue|green|yellow|white|black|brown|pink|grey|purple|silver|golden"},
    {"food", "plums|pears|figs|nuts|buns|grapes|beans|lemons|peaches|carrots|cakes|cherries|berries|melons|noodles|apples"},

    // Three questions, each about another kind of fact and about any friend: no answer helps with the next one.
    {"questions", "{owner}\n{tint}\n{taste}\n\n"},
    {"owner",
     "Who has the {a.object}? {a.name} has the {a.object}."
     "|What does {a.name} have? {a.name} has the {a.object}."},
    {"tint",
     "What colour is the {a.object}? The {a.object} is {a.colour}."
     "|What is {a.colour}? It is the {a.object}."},
    {"taste",
     "Who likes {a.food}? {a.name} likes {a.food}."
     "|What does {a.name} like? {a.name} likes {a.food}."},

    // What happens in between.
    {"middle",
     "3:{opening} {event} {meeting} {ending}"
     "|4:{opening} {event} {meeting} {event} {ending}"
     "|3:{opening} {event} {meeting} {event} {event} {ending}"},
    {"long middle",
     "3:{opening} {event} {event} {meeting} {event} {event} {event} {ending}"
     "|2:{opening} {event} {event} {meeting} {event} {event} {event} {event} {ending}"},
    {"opening",
     "3:One {sunny} {morning} they {went} to the {old} {the.place}."
     "|1:It was a {sunny} {morning} at the {old} {the.place}."},
    {"sunny", "3:sunny|warm|fine|2:windy|cold|bright|cool|1:rainy|foggy|snowy|misty|cloudy|mild"},
    {"morning", "4:morning|3:day|afternoon|2:evening"},
    {"went", "4:went|3:walked|ran|2:hurried|1:rode|marched|wandered|skipped|raced"},
    {"old", "2:old|little|quiet|big|1:new|lovely|famous|busy|wild|sleepy"},
    {"place", "pond|hill|river|garden|forest|meadow|bridge|barn|beach|mill|lake|farm|valley|market|castle|park"},

    {"meeting",
     "3:Then they met {a shy} {the.animal}. {need} {thanks}"
     "|2:Soon {a shy} {the.animal} came {along}. {need} {thanks}"},
    {"along", "3:along|2:by|1:running|hopping|singing|crying"},
    {"need",
     "3:It was hungry, so {a.name} gave it some {bread}."
     "|3:It was {sad}, so {a.name} {sang} for it."
     "|2:It was {tired}, so {a.name} made it a bed of {hay}."
     "|1:It was lost, so {a.name} and {b.name} took it to the {tall} {tree}."},
    {"bread", "2:bread|milk|soup|1:cheese|honey|rice|corn|water"},
    {"sad", "3:sad|2:lonely|1:bored|shy|afraid"},
    {"tired", "3:tired|2:cold|1:ill|sleepy|wet"},
    {"hay", "2:hay|leaves|1:moss|wool|straw|feathers|sand"},
    {"thanks", "3:'Thank you,' said the {the.animal}.|2:'You are {kind},' said the {the.animal}."},
    {"kind", "3:kind|2:good|1:very kind|a true friend|so nice"},

    {"event",
     "3:{a.name} {sang} like {a shy} {animal}."
     "|3:{a.name} {found} a {small} {stone} {near} the {tree}."
     "|3:A {shy} {animal} {slept} {near} a {tall} {tree}."
     "|2:They saw {two} {shy} {animal}s {near} the {tree}."
     "|2:{a.name} told {b.name} a {funny} {story} about {a shy} {animal}."
     "|1:{a.name} and {b.name} {went} to the {tall} {tree}."
     "|1:'I see {a shy} {animal},' said {a.name}."
     "|1:'Is that a {shy} {animal}?' asked {a.name}. 'No, it is a {small} {stone},' said {b.name}."
     "|1:{a.name} made a {shy} {animal} out of {sand}."},
    {"animal", "duck|frog|hen|goat|pig|cow|rabbit|cat|dog|hedgehog|sparrow|lamb|robin|turtle|squirrel|swan|crow|badger"
               "|bear|snail|kitten|beaver|parrot|lion"},
    {"a shy", "9:a {shy}|1:an old"},
    {"shy", "3:small|big|shy|happy|2:brave|clever|funny|young|tiny|sleepy|hungry|friendly"
            "|1:proud|busy|gentle|lazy|merry|noisy|quiet|lonely|silly|fluffy|wise|kind"},
    {"sang", "3:sang|danced|2:jumped|laughed|hummed|whistled|1:hopped|spun|skipped|rolled|smiled|clapped|played"},
    {"found", "3:found|saw|1:hid|lost|left|dropped|washed|kept"},
    {"small", "3:small|round|2:smooth|shiny|flat|tiny|big|pretty|1:strange|long|soft|heavy|lovely|dry|perfect|lucky"},
    {"stone", "2:stone|feather|leaf|flower|1:shell|seed|stick|nest|button|coin|ring|bone|rose|pebble|shoe"},
    {"near", "2:near|beside|behind|1:by|next to|in front of|under"},
    {"tall", "2:tall|big|small|1:wide|round|dark|lovely|crooked|mossy|hollow|strange|long"},
    {"tree", "3:tree|2:bush|wall|fence|gate|1:rock|log|well|bench|hedge|tent|tower|statue|house|ladder|cart"},
    {"slept", "2:slept|sat|played|1:sang|danced|rested|waited|hid|yawned|ate|hummed"},
    {"two", "2:two|three|1:four|five|six|seven|ten|many"},
    {"funny", "2:funny|long|short|1:sad|strange|silly|true|new|lovely|secret"},
    {"story", "2:story|joke|1:poem|riddle|song|dream"},
    {"sand", "2:sand|snow|mud|1:clay|wool|paper|wood|straw|leaves"},

    {"ending",
     "3:In the end they {went} home."
     "|2:Soon the {the.animal} {slept}, and the friends {went} home."
     "|2:So they waved to the {the.animal} and {went} home."},
};

enum { RULES = sizeof GRAMMAR / sizeof *GRAMMAR, MAX_WAYS = 40, MAX_FRIENDS = 4 };

typedef struct {
    const char *at, *end;
} Span;

typedef struct {
    Span way[MAX_WAYS];
    int weight[MAX_WAYS], ways, total;      // total: of the weights
} Rule;

// What a way is made of: words to say as they are, a {rule}, or a {role.list}.
typedef enum { WORDS, RULE, THE, NEW, A, B, KINDS } Kind;

typedef struct {
    Kind kind;
    Span words;
    int rule;                               // the rule or the list; words have none
} Piece;

static int length(Span s) { return (int)(s.end - s.at); }

static Span whole(const char *text) { return (Span){text, text + strlen(text)}; }

static bool same(Span s, Span t) { return length(s) == length(t) && memcmp(s.at, t.at, (size_t)length(s)) == 0; }

static int find_rule(Span name) {
    int r = 0;
    while (r < RULES && !same(name, whole(GRAMMAR[r].name))) r++;
    CHECK(r < RULES, "tales: there is no rule \"%.*s\"", length(name), name.at);
    return r;
}

// Takes the first piece off a way.
static Piece next_piece(Span *way) {
    static const char *const ROLE[KINDS] = {[THE] = "the.", [NEW] = "new.", [A] = "a.", [B] = "b."};
    Span words = {way->at, way->at + strcspn(way->at, *way->at == '{' ? "}" : "{|")};
    if (words.end > way->end) words.end = way->end;
    if (*words.at != '{') {
        way->at = words.end;
        return (Piece){WORDS, words, -1};
    }
    way->at = ++words.end;
    Span name = {words.at + 1, words.end - 1};
    for (Kind k = THE; k < KINDS; k++)
        if (strncmp(name.at, ROLE[k], strlen(ROLE[k])) == 0) {
            name.at += strlen(ROLE[k]);
            return (Piece){k, words, find_rule(name)};
        }
    return (Piece){RULE, words, find_rule(name)};
}

static void read_ways(Rule *rule, const char *text) {
    *rule = (Rule){.ways = 0};
    int weight = 1;
    for (const char *at = text, *end; *at; at = *end ? end + 1 : end) {
        if (isdigit((unsigned char)at[0]) && at[1] == ':') {
            weight = at[0] - '0';
            at += 2;
        }
        end = at + strcspn(at, "|");
        CHECK(rule->ways < MAX_WAYS, "tales: more than %d ways in \"%s\"", MAX_WAYS, text);
        rule->weight[rule->ways] = weight;
        rule->way[rule->ways++] = (Span){at, end};
        rule->total += weight;
    }
}

// Does whatever x can say differ from whatever y can say before either of them ends? A slot that both begin with can
// be passed over: what it says in x and what it says in y is the same, or differs by this check of the slot's own rule.
static bool apart(const Rule *rule, const char *x, const char *y) {
    size_t i = 0, slot_at = 0;
    bool in_slot = false;
    for (; x[i] && x[i] == y[i]; i++) {
        if (x[i] == '{') slot_at = i;
        in_slot = x[i] == '{' || (in_slot && x[i] != '}');
    }
    if (in_slot) i = slot_at;
    const char *slot = x[i] == '{' ? x + i : y + i, *other = x[i] == '{' ? y + i : x + i;
    if (*slot != '{') return *slot && *other;
    Span rest = whole(slot);
    const Rule *inner = &rule[next_piece(&rest).rule];
    bool good = true;
    for (int k = 0; good && k < inner->ways; k++) {
        char *filled = xprintf("%.*s%s", length(inner->way[k]), inner->way[k].at, rest.at);
        good = apart(rule, filled, other);
        free(filled);
    }
    return good;
}

// Any two ways of a rule must be apart: then a text shows which one was chosen, before the next choice begins.
static void check_ways(const Rule *rule, int r) {
    for (int i = 0; i < rule[r].ways; i++)
        for (int j = 0; j < i; j++) {
            char *x = xprintf("%.*s", length(rule[r].way[i]), rule[r].way[i].at);
            char *y = xprintf("%.*s", length(rule[r].way[j]), rule[r].way[j].at);
            CHECK(apart(rule, x, y), "tales: \"%s\" and \"%s\" can begin alike", x, y);
            free(x);
            free(y);
        }
}

// --- what a story remembers ---

typedef struct {
    signed char drawn[RULES];               // how many words of each list it has drawn
    signed char word[RULES][MAX_FRIENDS];   // and which: friend 2 has word[object][2]
} Story;

// Who plays which role in one way: a friend's number, or -1 as long as nobody does. {the. always is number 0.
typedef struct {
    int who[KINDS];
} Cast;

// What a slot with a role may say, and whose word that is. All options of a slot are equally likely.
typedef struct {
    int who, word;
} Option;

static int friends(const Story *story) { return story->drawn[find_rule(whole("name"))]; }

static Cast new_cast(const Story *story) { return (Cast){{[NEW] = friends(story), [A] = -1, [B] = -1}}; }

static int list_options(const Rule *rule, const Story *story, const Cast *cast, Piece slot, Option *option) {
    int n = 0, who = cast->who[slot.kind], drawn = story->drawn[slot.rule];
    const signed char *word = story->word[slot.rule];
    CHECK(drawn >= 0 && who <= drawn, "tales: {%s} here depends on the way to here", GRAMMAR[slot.rule].name);
    if (who < 0) {                          // a friend to choose: any who plays no other role
        for (int f = 0; f < friends(story); f++)
            if (f != cast->who[A] && f != cast->who[B]) option[n++] = (Option){f, word[f]};
    } else if (who < drawn) {               // said before
        option[n++] = (Option){who, word[who]};
    } else {                                // a word to draw: any that is left
        for (int w = 0; w < rule[slot.rule].ways; w++)
            if (!memchr(word, w, (size_t)drawn)) option[n++] = (Option){who, w};
    }
    return n;
}

static void take(Story *story, Cast *cast, Piece slot, Option option) {
    cast->who[slot.kind] = option.who;
    signed char *drawn = &story->drawn[slot.rule];
    if (option.who == *drawn) story->word[slot.rule][(int)(*drawn)++] = (signed char)option.word;
}

// --- tell: make the choices, say the words ---

// Returns how many characters were said.
static int tell(const Rule *rule, int r, Story *story, Rng *rng) {
    int ticket = (int)rng_below_python(rng, (uint32_t)rule[r].total), k = 0, said = 0;
    while (ticket >= rule[r].weight[k]) ticket -= rule[r].weight[k++];
    Cast cast = new_cast(story);
    for (Span way = rule[r].way[k]; way.at < way.end;) {
        Piece piece = next_piece(&way);
        if (piece.kind == RULE) {
            said += tell(rule, piece.rule, story, rng);
            continue;
        }
        if (piece.kind != WORDS) {
            Option option[MAX_WAYS];
            int n = list_options(rule, story, &cast, piece, option);
            Option chosen = option[rng_below_python(rng, (uint32_t)n)];
            take(story, &cast, piece, chosen);
            piece.words = rule[piece.rule].way[chosen.word];
        }
        fwrite(piece.words.at, 1, (size_t)length(piece.words), stdout);
        said += length(piece.words);
    }
    return said;
}

// --- read: find the choices in a text, add up their bits ---

typedef struct {
    Span text;              // what is still to be read
    const char **furthest;  // how far any attempt came: a text that is no story goes wrong there
    double bits;
    Story story;
} Reader;

static bool read_words(Reader *reader, Span words) {
    for (; words.at < words.end; words.at++, reader->text.at++) {
        if (reader->text.at > *reader->furthest) *reader->furthest = reader->text.at;
        if (reader->text.at == reader->text.end || *reader->text.at != *words.at) return false;
    }
    return true;
}

static bool read_slot(const Rule *rule, Piece slot, Cast *cast, Reader *reader) {
    Option option[MAX_WAYS];
    int n = list_options(rule, &reader->story, cast, slot, option);
    Span here = reader->text;
    for (int i = 0; i < n; i++, reader->text = here)
        if (read_words(reader, rule[slot.rule].way[option[i].word])) {
            take(&reader->story, cast, slot, option[i]);
            reader->bits += log2(n);
            return true;
        }
    return false;
}

// At most one way fits (see check_ways), so the first that does is the one that was chosen.
static bool read_rule(const Rule *rule, int r, Reader *reader) {
    for (int k = 0; k < rule[r].ways; k++) {
        Reader attempt = *reader;
        attempt.bits += log2((double)rule[r].total / rule[r].weight[k]);
        Cast cast = new_cast(&attempt.story);
        bool good = true;
        for (Span way = rule[r].way[k]; good && way.at < way.end;) {
            Piece piece = next_piece(&way);
            good = piece.kind == WORDS  ? read_words(&attempt, piece.words)
                   : piece.kind == RULE ? read_rule(rule, piece.rule, &attempt)
                                        : read_slot(rule, piece, &cast, &attempt);
        }
        if (good) {
            *reader = attempt;
            return true;
        }
    }
    return false;
}

// --- expect: the means over all stories, exactly ---

typedef struct {
    double bits, chars, words;
} Mean;

static Mean plus(Mean x, double p, Mean y) {
    return (Mean){x.bits + p * y.bits, x.chars + p * y.chars, x.words + p * y.words};
}

// Words are counted by the white space that ends them.
static Mean expect_words(Span words) {
    Mean mean = {0, length(words), 0};
    for (const char *c = words.at; c < words.end; c++)
        mean.words += (*c == ' ' || *c == '\n') && !(c > words.at && c[-1] == '\n');
    return mean;
}

// n equally likely options: log2 n bits. Which they are depends on the story; but no choice ever prefers a word of a
// list to another, so before anything is known each of its words is equally likely to stand here.
static Mean expect_slot(const Rule *rule, Story *story, Cast *cast, Piece slot) {
    Option option[MAX_WAYS];
    int n = list_options(rule, story, cast, slot, option);
    take(story, cast, slot, option[0]);
    const Rule *list = &rule[slot.rule];
    Mean mean = {log2(n), 0, 0};
    for (int w = 0; w < list->ways; w++) {
        CHECK(list->weight[w] == 1, "tales: the list \"%s\" has weights", GRAMMAR[slot.rule].name);
        mean = plus(mean, 1.0 / list->ways, expect_words(list->way[w]));
    }
    return mean;
}

// The mean over the ways of the mean of each; and the mean of a sum is the sum of the means, however its parts depend
// on each other. Of what came before, only the numbers of drawn words matter. Where two ways leave different ones, the
// number is marked unknown (-1), and list_options() refuses to go on from there.
static Mean expect_rule(const Rule *rule, int r, Story *story) {
    Mean mean = {0, 0, 0};
    Story before = *story;
    for (int k = 0; k < rule[r].ways; k++) {
        double p = (double)rule[r].weight[k] / rule[r].total;
        Story after = before;
        Cast cast = new_cast(&after);
        mean.bits -= p * log2(p);
        for (Span way = rule[r].way[k]; way.at < way.end;) {
            Piece piece = next_piece(&way);
            mean = plus(mean, p, piece.kind == WORDS  ? expect_words(piece.words)
                                 : piece.kind == RULE ? expect_rule(rule, piece.rule, &after)
                                                      : expect_slot(rule, &after, &cast, piece));
        }
        for (int i = 0; k > 0 && i < RULES; i++)
            if (after.drawn[i] != story->drawn[i]) after.drawn[i] = -1;
        *story = after;
    }
    return mean;
}

// --- the program ---

typedef struct {
    long long bytes, seed;
    bool long_range, entropy;
    const char *score;
} Options;

static void write_tales(const Rule *rule, int start, const Options *o) {
    Rng rng;
    rng_seed(&rng, (uint32_t)o->seed);
    for (long long said = 0; said < o->bytes && !ferror(stdout);) said += tell(rule, start, &(Story){{0}, {{0}}}, &rng);
    if (fflush(stdout) != 0 || ferror(stdout)) DIE("tales: cannot write the text: %s", strerror(errno));
}

static void print_row(const char *name, Mean m) {
    printf("%-24s %8.2f %11.2f %8.2f %8.4f\n", name, m.bits, m.chars, m.words, m.bits / m.chars);
}

// A row for each part of a story: its mean over the kinds of story, by how often each kind is told.
static void print_parts(const Rule *rule, int start) {
    Mean part[RULES] = {{0, 0, 0}}, frame = {0, 0, 0};
    for (int k = 0; k < rule[start].ways; k++) {
        Story story = {{0}, {{0}}};
        double p = (double)rule[start].weight[k] / rule[start].total;
        frame.bits -= p * log2(p);
        for (Span way = rule[start].way[k]; way.at < way.end;) {
            Piece piece = next_piece(&way);
            Mean *row = piece.kind == WORDS ? &frame : &part[piece.rule];
            *row = plus(*row, p, piece.kind == WORDS ? expect_words(piece.words) : expect_rule(rule, piece.rule, &story));
        }
    }
    printf("%-24s %8s %11s %8s %8s\n", "mean of", "bits", "characters", "words", "bits per character");
    print_row("how many friends", frame);
    for (int r = 0; r < RULES; r++)
        if (part[r].chars > 0) print_row(GRAMMAR[r].name, part[r]);
}

static void print_entropy(const Rule *rule, int start) {
    Mean mean = expect_rule(rule, start, &(Story){{0}, {{0}}});
    double bits = mean.bits / mean.chars;
    print_parts(rule, start);
    print_row("a story", mean);
    printf("\nbits per character %10.6f\n", bits);
    printf("nats per character %10.6f\n", bits * log(2));
    printf("perplexity         %10.6f\n", exp2(bits));
    printf("bits per word      %10.6f\n", mean.bits / mean.words);
}

static Span read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) DIE("tales: cannot open %s: %s", path, strerror(errno));
    char *text = NULL;
    size_t n = 0, got;
    do {
        text = xrealloc(text, n + (1 << 20));
        n += got = fread(text + n, 1, 1 << 20, file);
    } while (got > 0);
    if (ferror(file)) DIE("tales: cannot read %s: %s", path, strerror(errno));
    fclose(file);
    return (Span){text, text + n};
}

// One line that says where a text stops being a story; what is not printable there becomes a "?".
static _Noreturn void refuse(const char *path, Span text, const char *at) {
    if (at == text.end) DIE("tales: %s, byte %d: the text ends inside a story", path, length(text));
    char seen[24];
    int n = snprintf(seen, sizeof seen, "%.*s", min_int(20, (int)(text.end - at)), at);
    for (int i = 0; i < n; i++)
        if (!isprint((unsigned char)seen[i])) seen[i] = '?';
    DIE("tales: %s, byte %td: no story goes on with \"%s\" here", path, at - text.at, seen);
}

// The rate B/C of all bits to all characters. Its standard error over n stories of b bits and c characters each is
//     sqrt(n/(n-1) sum (b - B/C c)^2) / C,   the usual one of a ratio of means (Cochran, Sampling Techniques, 6.4).
static void print_score(const Rule *rule, int start, const char *path) {
    double B = 0, C = 0, bb = 0, bc = 0, cc = 0, n = 0;
    Span text = read_file(path), rest = text;
    while (rest.at < rest.end) {
        const char *furthest = rest.at;
        Reader reader = {rest, &furthest, 0, {{0}, {{0}}}};
        if (!read_rule(rule, start, &reader)) refuse(path, text, furthest);
        double b = reader.bits, c = (double)(reader.text.at - rest.at);
        B += b, C += c, bb += b * b, bc += b * c, cc += c * c, n++;
        rest = reader.text;
    }
    if (n < 2) DIE("tales: %s: %.0f stories; want at least 2, for a standard error", path, n);
    Mean mean = expect_rule(rule, start, &(Story){{0}, {{0}}});
    double rate = B / C, bound = mean.bits / mean.chars;
    double deviation = sqrt(fmax(0, n / (n - 1) * (bb - 2 * rate * bc + rate * rate * cc))) / C;
    printf("stories            %10.0f\n", n);
    printf("characters         %10.0f\n", C);
    printf("bits per character %10.6f\n", rate);
    printf("standard error     %10.6f\n", deviation);
    printf("bound              %10.6f\n", bound);
    printf("difference         %+10.2f standard errors\n", (rate - bound) / deviation);
    free((char *)text.at);
}

static long long read_number(const char *name, const char *given, long long least, long long most) {
    char *end;
    errno = 0;
    long long number = strtoll(given, &end, 10);
    if (end == given || *end || errno || number < least || number > most)
        DIE("tales: --%s \"%s\": want a whole number from %lld to %lld", name, given, least, most);
    return number;
}

static error_t parse_option(int key, char *given, struct argp_state *state) {
    Options *o = state->input;
    switch (key) {
    case 'b': o->bytes = read_number("bytes", given, 1, 1000000000000); break;
    case 's': o->seed = read_number("seed", given, 0, UINT32_MAX); break;
    case 'l': o->long_range = true; break;
    case 'e': o->entropy = true; break;
    case 'f': o->score = given; break;
    case ARGP_KEY_ARG: DIE("tales: \"%s\" is no option; see --help", given);
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int main(int argc, char **argv) {
    static const struct argp_option OPTION[] = {
        {"bytes", 'b', "N", 0, "stop after the story that crosses N bytes (default 1000000)", 0},
        {"seed", 's', "S", 0, "the same seed tells the same stories (default 1)", 0},
        {"long-range", 'l', 0, 0, "a longer middle: each question is 300 characters or more from its fact", 0},
        {"entropy", 'e', 0, 0, "print the entropy of the stories instead of telling any", 0},
        {"score", 'f', "FILE", 0, "print how well the grammar itself predicts FILE", 0},
        {0}};
    static const struct argp ARGP = {.options = OPTION, .parser = parse_option,
                                     .doc = "Tells small stories, and knows their exact entropy."};
    argp_err_exit_status = EXIT_BAD_INPUT;
    Options o = {.bytes = 1000000, .seed = 1};
    argp_parse(&ARGP, argc, argv, 0, NULL, &o);
    if (o.entropy && o.score) DIE("tales: want one of --entropy and --score");
    static Rule rule[RULES];
    for (int r = 0; r < RULES; r++) read_ways(&rule[r], GRAMMAR[r].ways);
    for (int r = 0; r < RULES; r++) check_ways(rule, r);
    int start = find_rule(whole(o.long_range ? "long tale" : "tale"));
    if (o.entropy) print_entropy(rule, start);
    else if (o.score) print_score(rule, start, o.score);
    else write_tales(rule, start, &o);
    return 0;
}
