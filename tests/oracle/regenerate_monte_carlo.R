# Writes the reference answers of R that test_monte_carlo.py compares with: Rscript tests/oracle/regenerate_monte_carlo.R
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
packages <- c("mice", "survival")
source(file.path(here, "write_json.R"))
suppressPackageStartupMessages({library(mice); library(survival)})

pooled <- function(q, u, dfcom) {
  p <- pool.scalar(q, u, n = dfcom + 1, k = 1)
  se <- sqrt(p$t); reach <- qt(.975, p$df) * se
  c(ratio = exp(p$qbar), low = exp(p$qbar - reach), high = exp(p$qbar + reach), p = 2 * pt(-abs(p$qbar / se), p$df))
}
# The jackknife as White, Royston & Wood (2011) and Stata's mcerror: each imputation left out in turn.
jackknifed <- function(x) sqrt((length(x) - 1) / length(x) * sum((x - mean(x))^2))
case <- function(q, u, dfcom) {
  m <- length(q); p <- pool.scalar(q, u, n = dfcom + 1, k = 1)
  left <- sapply(seq_len(m), function(i) pooled(q[-i], u[-i], dfcom))
  estimates <- sapply(seq_len(m), function(i) mean(q[-i]))
  # von Hippel (2020), two stages: the upper limit of the interval of logit(fmi), of standard error sqrt(2 / m).
  upper <- plogis(qlogis(p$fmi) + qnorm(.975) * sqrt(2 / m))
  list(estimates = many(q), variances = many(u), complete_df = dfcom, m = m, fmi = p$fmi,
       error = sqrt(p$b / m), jackknifed = jackknifed(estimates),
       ratio = jackknifed(left["ratio", ]), low = jackknifed(left["low", ]), high = jackknifed(left["high", ]),
       p_value = jackknifed(left["p", ]),
       white = max(2, ceiling(100 * p$fmi)), von_hippel = ceiling(1 + (upper / .05)^2 / 2))
}

# The log hazard ratio of ECOG in survival's lung, of which weight loss and calories are incomplete, by m.
data(cancer, package = "survival")
lung2 <- transform(lung[, c("time", "status", "age", "sex", "ph.ecog", "wt.loss", "meal.cal")], status = status - 1)
lung2 <- lung2[!is.na(lung2$ph.ecog), ]
of_lung <- function(m) {
  imp <- mice(lung2, m = m, maxit = 5, seed = 20, printFlag = FALSE)
  fits <- lapply(seq_len(m), function(i) coxph(Surv(time, status) ~ ph.ecog + age + sex + wt.loss + meal.cal, complete(imp, i)))
  at <- "meal.cal"  # per 500 calories, so that the ratio is not 1.000
  case(500 * sapply(fits, function(f) coef(f)[[at]]), 500^2 * sapply(fits, function(f) vcov(f)[at, at]), fits[[1]]$nevent - 5)
}
# The gate of balance: a row an imputation, a column a level. The largest of the means, and its error with each imputation
# left out, when another level may be the largest; `crosses`: whether 0.1 lies within the interval of Student's t.
gate <- function(sizes) {
  largest <- function(x) max(colMeans(x))
  m <- nrow(sizes); error <- jackknifed(sapply(seq_len(m), function(i) largest(sizes[-i, , drop = FALSE])))
  list(sizes = sizes, largest = largest(sizes), error = error, crosses = abs(largest(sizes) - .1) <= qt(.975, m - 1) * error)
}
set.seed(5)
gates <- list(gate(matrix(runif(12, .02, .1), 4)), gate(matrix(runif(60, 0, .2), 20)), gate(matrix(runif(15, .01, .03), 5)),
              gate(matrix(runif(40, .15, .2), 10)))
set.seed(3)
write_topic("monte_carlo", list(gates = gates, cases = list(
  of_lung(3), of_lung(5), of_lung(20),
  case(c(-.52, -.41, -.47, -.6, -.44), c(.031, .028, .03, .029, .033), 150),
  case(rnorm(8, .3, .4), runif(8, .02, .05), 60))))
