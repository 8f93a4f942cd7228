# Writes firth_cox.json: Firth's Cox regression with profile penalised limits, as `coxphf` defines it (the package is not needed):
# the partial likelihood and its information are those of survival's coxph at fixed coefficients, maximised by optim.
#
#   Rscript tests/oracle/regenerate_firth_cox.R

library(survival)
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))

height <- function(b, y, x) {
  fit <- suppressWarnings(coxph(y ~ x, init = b, control = coxph.control(iter.max = 0), ties = "efron"))
  fit$loglik[1] + determinant(solve(fit$var))$modulus[1] / 2
}
climb <- function(y, x, held = integer(), at = numeric(), start = rep(0, ncol(x))) {
  free <- setdiff(seq_len(ncol(x)), held)
  whole <- function(b) { full <- start; full[held] <- at; full[free] <- b; full }
  if (!length(free)) return(list(b = whole(numeric()), height = height(whole(numeric()), y, x)))
  b <- start[free]
  for (round in 1:3) b <- optim(b, function(b) height(whole(b), y, x), method = "BFGS",
                                control = list(fnscale = -1, reltol = 1e-15, maxit = 2000, ndeps = rep(1e-5, length(b))))$par
  list(b = whole(b), height = height(whole(b), y, x))
}
fit <- function(y, x) {
  top <- climb(y, x)
  se <- sqrt(diag(suppressWarnings(coxph(y ~ x, init = top$b, control = coxph.control(iter.max = 0)))$var))
  fall <- function(j, v) climb(y, x, j, v, top$b)$height - top$height + qchisq(0.95, 1) / 2
  limit <- function(j, side) {
    reach <- 2 * se[j]
    while (fall(j, top$b[j] + side * reach) > 0) reach <- reach * 1.5
    uniroot(function(v) fall(j, v), sort(c(top$b[j], top$b[j] + side * reach)), tol = 1e-9)$root
  }
  k <- seq_len(ncol(x))
  list(coefficients = many(top$b), standard_errors = many(se), low = many(sapply(k, limit, -1)), high = many(sapply(k, limit, 1)),
       p_values = many(sapply(k, function(j) pchisq(2 * (top$height - climb(y, x, j, 0)$height), 1, lower.tail = FALSE))))
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
  late_entry = local({
    entry <- round(runif(n, 0, 4), 1)
    case(round(entry + round(rexp(n, 0.1), 1) + 0.1, 1), as.integer(runif(n) < 0.6), cbind(group), entry)
  })))
