"""Who was addressed, and what worked for them.

    estimates      an effect with its error
    aggregates     counts and moments by group: all that statistics need of rows
    multiplicity   many questions at once
    methods/       comparing variants, by unit
    sequential     looking every day
    planned_end    looking until a planned last day
    power          how much is needed
    trials         tests as rows
    analysis/      one pass over all tests
    verdicts       what a test says, in words
    answers        verdict, remarks and numbers of a test
    numerals       counts as people write them
    files          tests in a CSV file
    lessons        what many tests teach together
    experiments/   tests on the data of the store
    texts/         what messages say
    images/        what images look like
    segments/      target groups: how much of them is reached, and by which channel

All but the last four are pure: arrays in, arrays out, no store.
"""
