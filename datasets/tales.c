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
     "3:{friend} {friend}\n{middle}\n{questions}"
     "|4:{friend} {friend} {friend}\n{middle}\n{questions}"
     "|3:{friend} {friend} {friend} {friend}\n{middle}\n{questions}"},
    {"long tale",
     "3:{friend} {friend}\n{long middle}\n{questions}"
     "|4:{friend} {friend} {friend}\n{long middle}\n{questions}"
     "|3:{friend} {friend} {friend} {friend}\n{long middle}\n{questions}"},

    // The facts. Objects, colours and foods are not named again before the questions.
    {"friend",
     "{new.name} has a {new.colour} {new.object} and likes {new.food}."
     "|{new.name} likes {new.food} and has a {new.colour} {new.object}."},
    {"name", "Mia|Ben|Lily|Noah|Zoe|Jack|Rosa|Emma|Leo|Ruby|Max|Clara|Hugo|Kai|Nora|Finn|Daisy|Felix|Greta|Ravi|Yuki"
             "|Layla|Kofi|Hana|Tom|Amir|Ivy|Oscar|Pia|Sam|Vera|Will"},
    {"object", "kite|drum|ball|hat|boat|book|bell|lamp|map|flute|basket|ribbon|puzzle|cup|coat|box|scarf|whistle|wagon"
               "|doll|bike|spoon|key|bucket|clock|rope|sled|bag|broom|plate|mask|jar"},
    {"colour", "red|blue|green|yellow|white|black|brown|pink|grey|purple|silver|golden"},
    {"food", "plums|pears|figs|nuts|buns|grapes|beans|lemons|peaches|carrots|cakes|cherries|berries|melons|noodles"
             "|apples"},

    // Three questions, each about another kind of fact, each about any friend: no answer tells the next one.
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

    // What happens in between: they go out with an animal, see and do this and that, and may help it.
    {"middle",
     "2:{opening} {event} {event} {ending}"
     "|3:{opening} {event} {help} {ending}"
     "|3:{opening} {event} {event} {event} {ending}"
     "|2:{opening} {event} {event} {help} {ending}"},
    {"long middle",
     "1:{opening} {event} {event} {help} {event} {ending}"
     "|1:{opening} {event} {help} {event} {event} {ending}"
     "|1:{opening} {event} {event} {help} {event} {event} {ending}"},
    {"opening",
     "3:One {cold}, {sunny} {morning} they {went} to the {old} {place} with {a shy} {the.animal}."
     "|1:One {cold}, {sunny} {morning} at the {old} {place} they met {a shy} {the.animal}."},
    {"event",
     "3:{a.name} {sang} {near} {a tall} {tree} like {a shy} {animal}."
     "|4:{a.name} {found} {things} {near} {a tall} {tree}."
     "|2:{a.name} told {b.name} a {funny} {story} about {animals}."
     "|2:{a.name} drew {animals} {near} {a tall} {tree}."
     "|4:A {shy} {animal} and {a shy} {animal} {slept} {near} {a tall} {tree}."
     "|3:They saw {crowd}."
     "|1:'I see {crowd},' said {a.name}."
     "|1:'Is that {a shy} {animal}?' asked {a.name}. 'No, it is {a small} {stone},' said {b.name}."},
    {"help",
     "4:The {the.animal} was {sad}, so {a.name} {sang} and {sang} for it. {thanks}"
     "|3:The {the.animal} was {tired}, so {a.name} made it a bed of {cold} {hay} and {cold} {moss}. {thanks}"
     "|3:The {the.animal} was hungry, so {a.name} gave it {cold} {bread} and {cold} {milk}. {thanks}"},
    {"thanks",
     "2:'You are as {shy} as {a shy} {animal},' said the {the.animal}."
     "|3:It {sang} like {a shy} {animal} and {sang} like {a shy} {animal}."
     "|1:'Thank you,' said the {the.animal}, and it {sang} and {sang}."},
    {"ending",
     "3:Then they {went} home like {animals}."
     "|2:Soon the {the.animal} {slept} {near} {a tall} {tree}, and they {went} home."},
    {"animals",
     "3:{a shy} {animal} and {a shy} {animal}"
     "|2:{a shy} {animal}, {a shy} {animal} and {a shy} {animal}"},
    {"crowd",
     "3:{a shy} {animal}, {a shy} {animal} and {a shy} {animal}"
     "|2:{a shy} {animal}, {a shy} {animal}, {a shy} {animal} and {a shy} {animal}"},
    {"things",
     "3:{a small} {stone} and {a small} {stone}"
     "|2:{a small} {stone}, {a small} {stone} and {a small} {stone}"},

    // Words. A rule is called by one of its own. No adjective begins with a vowel; "an old" brings its own article.
    {"a shy", "9:a {shy}|1:an old"},
    {"a small", "9:a {small}|1:an old"},
    {"a tall", "9:a {tall}|1:an old"},
    {"shy", "3:small|big|shy|happy|2:brave|clever|funny|young|tiny|sleepy|friendly|quiet"
            "|1:proud|busy|gentle|lazy|merry|noisy|lonely|silly|fluffy|wise|kind|fat|wet|warm|round|strange"},
    {"small", "3:small|round|2:big|tiny|soft|pretty|shiny|flat|1:strange|long|heavy|lovely|dry|lucky|thin|wet|warm"
              "|dusty|funny|cold"},
    {"tall", "2:tall|big|small|1:wide|round|dark|lovely|dusty|quiet|strange|cold|wet|lonely|funny|tiny|thin|sunny"},
    {"old", "2:old|little|quiet|big|1:new|lovely|busy|wild|sleepy|dark|sunny|pretty"},
    {"animal", "duck|frog|hen|goat|pig|cow|rabbit|cat|dog|hedgehog|lamb|robin|turtle|squirrel|swan|crow|badger|bear"
               "|snail|parrot|lion|tiger|seal|mole"},
    {"stone", "2:stone|feather|leaf|flower|1:shell|seed|stick|nest|button|coin|ring|bone|rose|cork|shoe|stamp|glove"
              "|pin"},
    {"tree", "3:tree|2:bush|wall|fence|gate|1:rock|log|well|bench|hedge|tent|tower|house|cart|chair|shed"},
    {"place", "pond|hill|river|garden|forest|meadow|bridge|barn|beach|mill|lake|farm|valley|market|castle|park"},
    {"near", "3:near|2:beside|behind|1:by|next to|in front of|under"},
    {"went", "3:went|walked|ran|2:hurried|rode|1:skipped|raced|danced"},
    {"sang", "3:sang|danced|2:jumped|laughed|hummed|ran|1:hopped|skipped|smiled|played|clapped|whistled|waved|spun"},
    {"slept", "2:slept|sat|played|1:sang|danced|rested|hid|yawned|ate|hummed|ran|smiled"},
    {"found", "3:found|saw|1:hid|lost|left|dropped|washed|kept"},
    {"funny", "2:funny|long|short|1:sad|strange|silly|new|lovely"},
    {"story", "2:story|joke|1:poem|riddle|song|dream"},
    {"cold", "3:warm|cold|2:cool|fresh|1:hot|fine|nice|lovely"},
    {"sunny", "3:sunny|bright|2:windy|cloudy|1:rainy|foggy|snowy|clear"},
    {"morning", "3:morning|2:day|1:afternoon|evening"},
    {"sad", "3:sad|2:lonely|1:cold|shy|sleepy|hungry"},
    {"tired", "3:tired|2:cold|1:wet|sleepy"},
    {"hay", "2:hay|leaves|1:straw|paper|twigs|petals"},
    {"moss", "2:moss|wool|1:feathers|sand|grass|silk"},
    {"bread", "2:bread|rice|1:cheese|corn|toast|jam"},
    {"milk", "2:milk|water|1:soup|honey|juice|tea"},
};

enum { RULES = sizeof GRAMMAR / sizeof *GRAMMAR, MAX_WAYS = 40, MAX_FRIENDS = 4 };

typedef struct {
    const char *way[MAX_WAYS];
    int weight[MAX_WAYS], ways, total;      // total: of the weights
} Rule;

// What a way is made of: words to say as they are, a {rule}, or a {role.list}.
typedef enum { WORDS, RULE, THE, NEW, A, B, KINDS } Kind;

typedef struct {
    Kind kind;
    const char *words;
    int length, rule;                       // of the words; the rule or the list of a slot
} Piece;

static int find_rule(const char *name, size_t n) {
    int r = 0;
    while (r < RULES && !(strncmp(GRAMMAR[r].name, name, n) == 0 && !GRAMMAR[r].name[n])) r++;
    CHECK(r < RULES, "tales: there is no rule \"%.*s\"", (int)n, name);
    return r;
}

// Takes the first piece off a way.
static Piece next_piece(const char **way) {
    static const char *const ROLE[KINDS] = {[RULE] = "", [THE] = "the.", [NEW] = "new.", [A] = "a.", [B] = "b."};
    const char *start = *way;
    size_t n = strcspn(start, *start == '{' ? "}" : "{");
    *way += n;
    if (*start != '{') return (Piece){WORDS, start, (int)n, -1};
    CHECK(start[n] == '}', "tales: no } after \"%s\"", start);
    *way += 1;
    Kind kind = B;
    while (strncmp(start + 1, ROLE[kind], strlen(ROLE[kind])) != 0) kind--;
    size_t skip = 1 + strlen(ROLE[kind]);
    return (Piece){kind, NULL, 0, find_rule(start + skip, n - skip)};
}

// Splits a row of the table at each |. The copy that the ways point into is kept until the program ends.
static void read_ways(Rule *rule, const char *row) {
    int weight = 1;
    for (char *at = xprintf("%s", row), *next; at; at = next) {
        if ((next = strchr(at, '|'))) *next++ = 0;
        if (isdigit((unsigned char)at[0]) && at[1] == ':') {
            weight = at[0] - '0';
            at += 2;
        }
        CHECK(rule->ways < MAX_WAYS, "tales: more than %d ways in \"%s\"", MAX_WAYS, row);
        rule->weight[rule->ways] = weight;
        rule->way[rule->ways++] = at;
        rule->total += weight;
    }
}

// Does whatever x can say differ from whatever y can say before either of them ends? A slot that both have next can be
// passed over: what it says in x and what it says in y is the same, or differs by this check of the slot's own rule.
static bool apart(const Rule *rule, const char *x, const char *y) {
    while (*x && *x == *y) {
        size_t n = *x == '{' ? strcspn(x, "}") + 1 : 1;
        if (strncmp(x, y, n) != 0) break;
        x += n, y += n;
    }
    if (*x != '{' && *y == '{') return apart(rule, y, x);
    if (*x != '{') return *x && *y;
    const Rule *slot = &rule[next_piece(&x).rule];
    bool good = true;
    for (int k = 0; good && k < slot->ways; k++) {
        char *filled = xprintf("%s%s", slot->way[k], x);
        good = apart(rule, filled, y);
        free(filled);
    }
    return good;
}

// --- what a story remembers ---

typedef struct {
    signed char drawn[RULES];               // how many words of each list it has drawn
    signed char word[RULES][MAX_FRIENDS];   // and which: friend 2 has word[object][2]
} Story;

static const Story NEW_STORY;

// Who plays which role in one way: a friend's number, or -1 as long as nobody does. {the. is always number 0.
typedef struct {
    int who[KINDS];
} Cast;

// What a slot with a role may say: a word of its list, and whose it is. All options of a slot are equally likely.
typedef struct {
    int who, word;
} Option;

static int friends(const Story *story) { return story->drawn[find_rule("name", 4)]; }

static Cast new_cast(const Story *story) { return (Cast){{[NEW] = friends(story), [A] = -1, [B] = -1}}; }

static int list_options(const Rule *rule, const Story *story, const Cast *cast, Piece slot, Option *option) {
    int n = 0, who = cast->who[slot.kind], drawn = story->drawn[slot.rule];
    const signed char *word = story->word[slot.rule];
    CHECK(drawn >= 0 && who <= drawn, "tales: what {%s} can be depends on the way here", GRAMMAR[slot.rule].name);
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
    int drawn = story->drawn[slot.rule];
    if (option.who < drawn) return;
    story->word[slot.rule][drawn] = (signed char)option.word;
    story->drawn[slot.rule]++;
}

// --- tell: make the choices, say the words ---

static const char *tell_slot(const Rule *rule, Piece slot, Cast *cast, Story *story, Rng *rng) {
    Option option[MAX_WAYS];
    uint32_t n = (uint32_t)list_options(rule, story, cast, slot, option);
    Option chosen = option[rng_below_python(rng, n)];
    take(story, cast, slot, chosen);
    return rule[slot.rule].way[chosen.word];
}

// Returns how many characters were said.
static int tell(const Rule *rule, int r, Story *story, Rng *rng) {
    int ticket = (int)rng_below_python(rng, (uint32_t)rule[r].total), k = 0, said = 0;
    while (ticket >= rule[r].weight[k]) ticket -= rule[r].weight[k++];
    Cast cast = new_cast(story);
    for (const char *way = rule[r].way[k]; *way;) {
        Piece piece = next_piece(&way);
        said += piece.kind == WORDS  ? printf("%.*s", piece.length, piece.words)
                : piece.kind == RULE ? tell(rule, piece.rule, story, rng)
                                     : printf("%s", tell_slot(rule, piece, &cast, story, rng));
    }
    return said;
}

// --- read: find the choices in a text, add up their bits ---

typedef struct {
    const char *at, *end;   // what is still to be read
    const char **furthest;  // how far any attempt came: a text that is no story goes wrong there
    double bits;
    Story story;
} Reader;

static bool read_words(Reader *reader, const char *words, int length) {
    for (int i = 0; i < length; i++, reader->at++) {
        if (reader->at > *reader->furthest) *reader->furthest = reader->at;
        if (reader->at == reader->end || *reader->at != words[i]) return false;
    }
    return true;
}

static bool read_slot(const Rule *rule, Piece slot, Cast *cast, Reader *reader) {
    Option option[MAX_WAYS];
    int n = list_options(rule, &reader->story, cast, slot, option);
    const char *here = reader->at;
    for (int i = 0; i < n; i++, reader->at = here) {
        const char *word = rule[slot.rule].way[option[i].word];
        if (read_words(reader, word, (int)strlen(word))) {
            take(&reader->story, cast, slot, option[i]);
            reader->bits += log2(n);
            return true;
        }
    }
    return false;
}

// Ways are apart, so at most one fits: the first that does is the one that was chosen.
static bool read_rule(const Rule *rule, int r, Reader *reader) {
    for (int k = 0; k < rule[r].ways; k++) {
        Reader attempt = *reader;
        attempt.bits += log2((double)rule[r].total / rule[r].weight[k]);
        Cast cast = new_cast(&attempt.story);
        bool good = true;
        for (const char *way = rule[r].way[k]; good && *way;) {
            Piece piece = next_piece(&way);
            good = piece.kind == WORDS  ? read_words(&attempt, piece.words, piece.length)
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
static Mean expect_words(const char *words, int length) {
    Mean mean = {0, length, 0};
    for (int i = 0; i < length; i++)
        mean.words += (words[i] == ' ' || words[i] == '\n') && !(i > 0 && words[i - 1] == '\n');
    return mean;
}

// n equally likely options: log2 n bits. Which they are depends on the story; but no choice ever prefers a word of a
// list to another, so over all stories each word of the list stands here equally often.
static Mean expect_slot(const Rule *rule, Piece slot, Cast *cast, Story *story) {
    Option option[MAX_WAYS];
    Mean mean = {log2(list_options(rule, story, cast, slot, option)), 0, 0};
    take(story, cast, slot, option[0]);
    const Rule *list = &rule[slot.rule];
    for (int w = 0; w < list->ways; w++) {
        CHECK(list->weight[w] == list->weight[0], "tales: the list %s has weights", GRAMMAR[slot.rule].name);
        mean = plus(mean, 1.0 / list->ways, expect_words(list->way[w], (int)strlen(list->way[w])));
    }
    return mean;
}

// The mean of a sum is the sum of the means, however its parts depend on each other. Of what came before a choice,
// only the numbers of drawn words matter to its bits. Where two ways leave different numbers, they are marked unknown
// (-1), and list_options() refuses to go on from there: so a grammar for which this sum were wrong is not accepted.
static Mean expect_rule(const Rule *rule, int r, Story *story) {
    Mean mean = {0, 0, 0};
    Story before = *story;
    for (int k = 0; k < rule[r].ways; k++) {
        double p = (double)rule[r].weight[k] / rule[r].total;
        Story after = before;
        Cast cast = new_cast(&after);
        mean.bits -= p * log2(p);
        for (const char *way = rule[r].way[k]; *way;) {
            Piece piece = next_piece(&way);
            mean = plus(mean, p, piece.kind == WORDS  ? expect_words(piece.words, piece.length)
                                 : piece.kind == RULE ? expect_rule(rule, piece.rule, &after)
                                                      : expect_slot(rule, piece, &cast, &after));
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

enum { BYTES = 1000, SEED, LONG_RANGE, ENTROPY, SCORE, HELP };  // above every character: all options are long ones

static void write_tales(const Rule *rule, int start, const Options *o) {
    Rng rng;
    rng_seed(&rng, (uint32_t)o->seed);
    if (o->long_range) rng_seed_python(&rng, (uint32_t)o->seed);    // or both kinds would share whole sentences
    for (long long said = 0; said < o->bytes && !ferror(stdout);) {
        Story story = NEW_STORY;
        said += tell(rule, start, &story, &rng);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) DIE("tales: cannot write the stories: %s", strerror(errno));
}

static void print_row(const char *name, Mean mean) {
    printf("%-18s %8.2f %12.2f\n", name, mean.bits, mean.chars);
}

// The parts of a story: their means over the kinds of story, each weighted by how often it is told.
static void print_parts(const Rule *rule, int start) {
    Mean part[RULES] = {{0, 0, 0}}, frame = {0, 0, 0};
    for (int k = 0; k < rule[start].ways; k++) {
        Story story = NEW_STORY;
        double p = (double)rule[start].weight[k] / rule[start].total;
        frame.bits -= p * log2(p);
        for (const char *way = rule[start].way[k]; *way;) {
            Piece piece = next_piece(&way);
            Mean *row = piece.kind == WORDS ? &frame : &part[piece.rule];
            *row = plus(*row, p, piece.kind == WORDS ? expect_words(piece.words, piece.length)
                                                     : expect_rule(rule, piece.rule, &story));
        }
    }
    printf("%-18s %8s %12s\n", "", "bits", "characters");
    print_row("how many friends", frame);
    for (int r = 0; r < RULES; r++)
        if (part[r].chars > 0) print_row(GRAMMAR[r].name, part[r]);
}

static Mean expect_story(const Rule *rule, int start) {
    Story story = NEW_STORY;
    return expect_rule(rule, start, &story);
}

static void print_entropy(const Rule *rule, int start) {
    Mean mean = expect_story(rule, start);
    double bits = mean.bits / mean.chars;
    print_parts(rule, start);
    print_row("a story", mean);
    printf("\nwords per story      %9.2f\n", mean.words);
    printf("bits per character   %9.6f\n", bits);
    printf("nats per character   %9.6f\n", bits * log(2));
    printf("perplexity           %9.6f   per character\n", exp2(bits));
    printf("bits per word        %9.6f\n", mean.bits / mean.words);
}

static char *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) DIE("tales: cannot open %s: %s", path, strerror(errno));
    char *text = NULL;
    size_t room = 0, n = 0;
    do {
        text = xrealloc(text, room = 2 * room + 4096);
        n += fread(text + n, 1, room - n, file);
    } while (n == room);
    if (ferror(file)) DIE("tales: cannot read %s: %s", path, strerror(errno));
    fclose(file);
    *size = n;
    return text;
}

// One line that says where the text stops being a story.
static _Noreturn void refuse(const char *path, const char *text, const char *at, const char *end) {
    if (at == end) DIE("tales: %s, byte %td: the text ends inside a story", path, at - text);
    char seen[21] = "";
    for (int i = 0; i < 20 && at + i < end; i++) seen[i] = isprint((unsigned char)at[i]) ? at[i] : '?';
    DIE("tales: %s, byte %td: no story goes on with \"%s\" here", path, at - text, seen);
}

// All bits over all characters, R = B/C. Its standard error, over n stories of b bits and c characters each, is
//     sqrt(n/(n-1) sum (b - R c)^2) / C,    that of a ratio of means (Cochran, Sampling Techniques, section 2.11).
static void print_score(const Rule *rule, int start, const char *path) {
    size_t size;
    char *text = read_file(path, &size);
    const char *at = text;
    double n = 0, bits = 0, chars = 0, bb = 0, bc = 0, cc = 0;
    while (at < text + size) {
        const char *furthest = at;
        Reader reader = {at, text + size, &furthest, 0, NEW_STORY};
        if (!read_rule(rule, start, &reader)) refuse(path, text, furthest, text + size);
        double b = reader.bits, c = (double)(reader.at - at);
        bits += b, chars += c, bb += b * b, bc += b * c, cc += c * c, n++;
        at = reader.at;
    }
    free(text);
    if (n < 2) DIE("tales: %s has %.0f stories; a standard error wants at least 2", path, n);
    Mean mean = expect_story(rule, start);
    double rate = bits / chars, bound = mean.bits / mean.chars;
    double deviation = sqrt(n / (n - 1) * fmax(0, bb - 2 * rate * bc + rate * rate * cc)) / chars;
    printf("stories              %9.0f\n", n);
    printf("characters           %9.0f\n", chars);
    printf("bits per character   %9.6f\n", rate);
    printf("standard error       %9.6f\n", deviation);
    printf("the bound            %9.6f\n", bound);
    printf("difference           %9.2f   standard errors\n", (rate - bound) / deviation);
}

static long long read_number(const char *name, const char *given, long long least, long long most) {
    char *end;
    errno = 0;
    long long number = strtoll(given, &end, 10);
    if (!isdigit((unsigned char)*given) || *end || errno || number < least || number > most)
        DIE("tales: --%s \"%s\": want a whole number from %lld to %lld", name, given, least, most);
    return number;
}

// argp's own messages take two lines, so they are switched off (ARGP_NO_ERRS), and with them its --help.
static error_t parse_option(int key, char *given, struct argp_state *state) {
    Options *o = state->input;
    switch (key) {
    case BYTES: o->bytes = read_number("bytes", given, 1, 1000000000000); break;
    case SEED: o->seed = read_number("seed", given, 0, UINT32_MAX); break;
    case LONG_RANGE: o->long_range = true; break;
    case ENTROPY: o->entropy = true; break;
    case SCORE: o->score = given; break;
    case HELP: state->flags = 0; argp_state_help(state, stdout, ARGP_HELP_STD_HELP); break;
    case ARGP_KEY_ARG: DIE("tales: \"%s\" is no option; see tales --help", given);
    case ARGP_KEY_ERROR: DIE("tales: no option %s, or no value for it; see tales --help", state->argv[state->next - 1]);
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int main(int argc, char **argv) {
    static const struct argp_option OPTION[] = {
        {"bytes", BYTES, "N", 0, "stop after the story that crosses N bytes (1000000)", 0},
        {"seed", SEED, "S", 0, "the same seed tells the same stories (1)", 0},
        {"long-range", LONG_RANGE, NULL, 0, "a longer middle: at least 300 characters from a fact to its question", 0},
        {"entropy", ENTROPY, NULL, 0, "tell no story, but how many bits one has", 0},
        {"score", SCORE, "FILE", 0, "tell no story, but how well the grammar predicts those in FILE", 0},
        {"help", HELP, NULL, 0, "this page", -1},
        {0}};
    static const struct argp ARGP = {.options = OPTION, .parser = parse_option,
                                     .doc = "Tells small stories whose entropy is known."};
    argp_err_exit_status = EXIT_BAD_INPUT;
    Options o = {.bytes = 1000000, .seed = 1};
    argp_parse(&ARGP, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &o);
    if (o.entropy && o.score) DIE("tales: --entropy and --score: want one of them");
    static Rule rule[RULES];
    for (int r = 0; r < RULES; r++) read_ways(&rule[r], GRAMMAR[r].ways);
    for (int r = 0; r < RULES; r++)
        for (int i = 0; i < rule[r].ways; i++)
            for (int j = 0; j < i; j++)
                CHECK(apart(rule, rule[r].way[i], rule[r].way[j]), "tales: \"%s\" and \"%s\" can begin alike",
                      rule[r].way[j], rule[r].way[i]);
    int start = o.long_range ? find_rule("long tale", 9) : find_rule("tale", 4);
    if (o.entropy) print_entropy(rule, start);
    else if (o.score) print_score(rule, start, o.score);
    else write_tales(rule, start, &o);
    return 0;
}
