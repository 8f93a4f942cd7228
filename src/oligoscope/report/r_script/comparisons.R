# ---- comparisons of levels and of values ---------------------------------------------------------------------
# Table 1's tests as docs/methods.md declares them.
# `chosen`: the test that results.csv names of a table larger than two by two. Fisher's lays out all tables, but where these are too
# many (docs/methods.md) the program takes the chi-square; how many are too many is not asked here.
chosen_test <- function(outcome, group, variable) NULL
test_levels <- function(table, chosen = NULL, exact_p = NULL) {
  table <- table[rowSums(table) > 0, colSums(table) > 0, drop = FALSE]
  if (min(dim(table)) < 2) return(c(NA, NA))
  expected <- outer(rowSums(table), colSums(table)) / sum(table)
  sparse <- if (all(dim(table) == 2)) any(expected < 5) else any(expected < 1) || mean(expected < 5) > 0.2
  larger <- any(dim(table) > 2)
  if (!sparse || (larger && identical(chosen, "chi-square"))) { x <- chisq.test(table, correct = FALSE); return(c(x$statistic, x$p.value)) }
  if (larger && is.null(chosen) && sum(table) > if (min(dim(table)) > 2) 50 else 120) return("unknown")
  if (identical(chosen, "another")) return("unknown")  # of drawn tables
  if (!larger && identical(exact_p, "mid_p")) return(c(NA, mid_p(table)))
  p <- tryCatch(fisher.test(table, workspace = 2e7)$p.value, error = function(e) NULL)
  if (is.null(p)) "unknown" else c(NA, p)
}
# Tables with these margins that are less probable than the one seen, and half of those as probable (Lancaster 1961; Hirji 2006).
mid_p <- function(table) {
  x <- table[1, 1]; rows <- rowSums(table); column <- sum(table[, 1])
  p <- dhyper(max(0, column - rows[2]):min(rows[1], column), rows[1], rows[2], column)
  seen <- dhyper(x, rows[1], rows[2], column)
  equal <- abs(p - seen) <= 1e-7 * seen
  min(1, sum(p[p < seen & !equal]) + sum(p[equal]) / 2)
}
test_values <- function(samples) {
  samples <- lapply(samples, function(x) x[!blank(x)])
  normal <- all(vapply(samples, function(x) {
    length(x) >= 3 && length(x) <= 5000 && diff(range(x)) > 0 && shapiro.test(x)$p.value >= 0.05
  }, TRUE))
  samples <- samples[lengths(samples) > 0]
  everything <- unlist(samples)
  if (length(samples) < 2 || diff(range(everything)) == 0) return(c(NA, NA))
  group <- rep(seq_along(samples), lengths(samples))
  if (normal && length(samples) == 2) x <- t.test(samples[[1]], samples[[2]])
  else if (normal) x <- oneway.test(everything ~ factor(group))
  else if (length(samples) == 2) {
    x <- wilcox.test(samples[[1]], samples[[2]])
    z <- if (all(lengths(samples) < 50) && !anyDuplicated(everything)) NA else rank_sum_z(samples[[1]], samples[[2]])
    return(c(x$statistic, x$p.value, z))
  } else x <- kruskal.test(everything, group)
  c(x$statistic, x$p.value)
}
# The normal deviate of wilcox.test, which does not return it.
rank_sum_z <- function(x, y) {
  r <- rank(c(x, y)); n <- length(x); m <- length(y)
  w <- sum(r[seq_len(n)]) - n * (n + 1) / 2 - n * m / 2
  ties <- table(r)
  (w - sign(w) * 0.5) / sqrt(n * m / 12 * (n + m + 1 - sum(ties^3 - ties) / ((n + m) * (n + m - 1))))
}
# Which of several P is their median: the first that equals it; of an even number mostly none.
median_at <- function(p) match(TRUE, p == median(p))
smd_shares <- function(p, q, before_p = p, before_q = q) {
  variance <- (before_p * (1 - before_p) + before_q * (1 - before_q)) / 2
  ifelse(variance > 0, (p - q) / sqrt(variance), ifelse(abs(p - q) < 1e-12, 0, Inf * sign(p - q)))
}
# Yang & Dalton 2012.
distance <- function(p, q, before_p = p, before_q = q) {
  here <- which(before_p + before_q > 0)
  if (length(here) < 2) return(0)
  here <- here[-length(here)]
  one <- function(x) diag(x, length(x)) - outer(x, x)
  s <- (one(before_p[here]) + one(before_q[here])) / 2
  d <- (p - q)[here]
  if (rcond(s) < 1e-12) return(NaN)  # a level of one group alone: infinite, or not, by the direction
  sqrt(drop(t(d) %*% solve(s) %*% d))
}

kappa_of <- function(table) {  # Cohen 1960; variance by Fleiss, Cohen & Everitt 1969
  n <- sum(table); p <- table / n
  row <- rowSums(p); column <- colSums(p)
  po <- sum(diag(p)); pe <- sum(row * column)
  if (pe >= 1) return(c(po, NA, NA, NA))
  k <- (po - pe) / (1 - pe)
  if (po == 1) return(c(po, 1, NA, NA))
  if (max(row, column) > 1 - 1e-12) return(c(po, 0, NA, NA))  # one label for everybody: the variance is 0 whatever n is
  theta <- outer(column, row, `+`)
  a <- sum(diag(p) * (1 - (row + column) * (1 - k))^2)
  off <- p; diag(off) <- 0
  b <- (1 - k)^2 * sum(off * theta^2)
  se <- sqrt((a + b - (k - pe * (1 - k))^2) / (n * (1 - pe)^2))
  c(po, k, max(k - Z * se, -1), min(k + Z * se, 1))
}
