"""Methods to compare variants, one module per noun; each works on thousands of tests at once.

    rates          impressions or persons that were really randomised: binomial
    exact          the same at small counts
    posterior      chance to be best and expected loss of rates, for display
    sample_ratio   whether the randomisation did what it promised
    posts          posts as the unit: Welch on log rates, ratio of means
    permutation    the same by drawing the variants anew: few posts, zeros
    ad_days        days of ads as the unit: stratified by day, dispersion estimated
    costs          cost ratios by paired days
    factors        two factors of two levels (message, image) and their interaction
    strata         target groups: pooled effect, heterogeneity, shrunken effects
    summary        many tests together: random effects
    shares         shares of a bandit, as advice

The unit decides: impressions of one post share its fate, so counts of posts in a binomial method
find a winner in half of all comparisons without a difference.
"""
