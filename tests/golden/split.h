// split.h: 0 to 19 as random.seed(42); random.shuffle() leaves them. Made by make.py.
static const int SPLIT_20[20] = {
    19, 5, 14, 4, 9, 13, 15, 18,
    6, 12, 17, 10, 1, 11, 2, 16,
    7, 8, 0, 3,
};
