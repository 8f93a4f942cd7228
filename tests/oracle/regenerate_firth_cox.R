# Writes firth_cox.json: Firth's Cox regression with profile penalised limits, as `coxphf` defines it (the package is not needed):
# the partial likelihood and its information are those of survival's coxph at fixed coefficients, maximised in plain R.
#
#   Rscript tests/oracle/regenerate_firth_cox.R

library(survival)
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))

# The functions that analysis.R of a run holds, too.
source(file.path(here, "..", "..", "src", "oligoscope", "report", "r_script", "firth_cox.R"))

fit <- function(y, x) {
  f <- firth_cox(y, x)
  list(coefficients = many(f$b), standard_errors = many(f$se), low = many(f$low), high = many(f$high), p_values = many(f$p))
}
case <- function(months, died, x, entry = NULL) {
  x <- as.matrix(x)
  y <- if (is.null(entry)) Surv(months, died) else Surv(entry, months, died)
  c(list(months = many(months), died = many(died), x = lapply(seq_len(ncol(x)), function(j) many(x[, j])), found = fit(y, x)),
    if (is.null(entry)) list() else list(entry = many(entry)))
}
set.seed(20250408)
n <- 30; group <- rep(0:1, 15)
write_topic("firth_cox", list(
  no_event_in_one_group = case(round(rexp(n, 0.1), 1) + 0.1, as.integer(runif(n) < 0.6 & group == 0), cbind(group)),
  ties_and_two_columns = case(ceiling(rexp(n, 0.2)), as.integer(runif(n) < 0.7), cbind(group, round(rnorm(n), 2))),
  few_events = case(round(rexp(n, 0.1), 1) + 0.1, as.integer(runif(n) < 0.2), cbind(group, round(rnorm(n), 2))),
  two_events_two_columns = case(c(3, 5, 6, 6, 8, 9, 11, 12, 14, 15), as.integer(1:10 %in% c(2, 7)), cbind(rep(1:0, 5), c(5, 2, 8, 1, 9, 4, 7, 3, 6, 0))),
  late_entry = local({
    entry <- round(runif(n, 0, 4), 1)
    case(round(entry + round(rexp(n, 0.1), 1) + 0.1, 1), as.integer(runif(n) < 0.6), cbind(group), entry)
  })))
