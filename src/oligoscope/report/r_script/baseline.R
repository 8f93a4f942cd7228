# ---- Table 1: tests ----------------------------------------------------------------------------------
levels_test <- function(group, x, test) {
  words_of <- function(of) factor(of, unique(of[!is.na(of)]))  # a level may be the word NaN
  counts <- table(words_of(x), words_of(group))
  counts <- counts[rowSums(counts) > 0, colSums(counts) > 0, drop = FALSE]
  if (min(dim(counts)) < 2) return(c(NA, NA, NA))
  expected <- outer(rowSums(counts), colSums(counts)) / sum(counts)
  sparse <- if (all(dim(counts) == 2)) any(expected < 5) else any(expected < 1) || mean(expected < 5) > 0.2
  if (identical(test, "chi-square") || (length(test) > 1 && !sparse)) {
    x <- chisq.test(counts, correct = FALSE)
    return(c(x$statistic, x$p.value, NA))
  }
  c(NA, fisher.test(counts, workspace = 2e7)$p.value, NA)
}
values_test <- function(group, x, test) {
  x <- as.numeric(x); known <- !is.na(x) & !is.na(group)
  x <- x[known]; group <- factor(group[known], unique(group[known]))
  samples <- split(x, group)
  if (length(test) > 1) {
    normal <- all(vapply(samples, function(s) length(s) >= 3 && length(s) <= 5000 && diff(range(s)) > 0 && shapiro.test(s)$p.value >= 0.05, TRUE))
    two <- length(samples) == 2
    test <- if (normal) if (two) "Welch t" else "Welch ANOVA" else if (two) "Mann-Whitney U" else "Kruskal-Wallis"
  }
  found <- switch(test,
    "Welch t" = t.test(samples[[1]], samples[[2]]),
    "Student t" = t.test(samples[[1]], samples[[2]], var.equal = TRUE),
    "Welch ANOVA" = oneway.test(x ~ group),
    "one-way ANOVA" = oneway.test(x ~ group, var.equal = TRUE),
    "Mann-Whitney U" = wilcox.test(samples[[1]], samples[[2]]),
    "Kruskal-Wallis" = kruskal.test(x, group))
  z <- if (found$method == "Wilcoxon rank sum test with continuity correction") rank_sum_z(samples[[1]], samples[[2]]) else NA
  c(found$statistic, found$p.value, z)
}
# The normal deviate that wilcox.test makes P from, and does not return.
rank_sum_z <- function(x, y) {
  r <- rank(c(x, y)); n <- length(x); m <- length(y)
  w <- sum(r[seq_len(n)]) - n * (n + 1) / 2 - n * m / 2
  ties <- table(r)
  (w - sign(w) * 0.5) / sqrt(n * m / 12 * (n + m + 1 - sum(ties^3 - ties) / ((n + m) * (n + m - 1))))
}
# `test`: as the method in results.csv names it; where it names several, the one that the rules of docs/methods.md choose.
table_1_test <- function(cohorts, named_as, by, groups, pair, variable, is_levels, test) {
  found <- vapply(cohorts, function(d) {
    of <- words(d, by)
    d <- d[order(match(of, groups)), , drop = FALSE]
    of <- words(d, by)
    if (is_levels) levels_test(of, words(d, variable), test) else values_test(of, d[[variable]], test)
  }, c(0, 0, 0))
  at <- c("baseline", named_as, by, pair, variable, "")
  same(at, "p_value", median(found[2, ]))
  same(at, "test_statistic", found[1, of_median(found[2, ])])
  same(at, "z_statistic", found[3, of_median(found[2, ])])
}
