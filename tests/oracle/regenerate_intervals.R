# Writes intervals.json: interval-censored times by survreg (Weibull) and by Turnbull's self-consistent equations in plain R,
# which survfit iterates less far.
#
#   Rscript tests/oracle/regenerate_intervals.R

library(survival)
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))
ANALYSES <- list()
source(file.path(here, "../../src/oligoscope/report/r_script/interval_censored.R"))

# Visits about every `step` months from 0; a share of the times is known exactly, and follow-up ends at a visit.
draw <- function(seed, n, step, exact, effect) {
  set.seed(seed)
  x <- rep(0:1, length.out = n)
  time <- 10 * (rexp(n) / exp(effect * x))^(1 / 1.4)
  visits <- t(apply(matrix(runif(n * 8, 0.8, 1.2) * step, n), 1, cumsum))
  left <- sapply(seq_len(n), function(i) max(0, visits[i, visits[i, ] < time[i]]))
  right <- sapply(seq_len(n), function(i) min(Inf, visits[i, visits[i, ] >= time[i]]))
  known <- runif(n) < exact
  left[known] <- right[known] <- time[known]
  data.frame(left = round(left, 3), right = round(right, 3), x = x)
}
as_interval <- function(d) Surv(ifelse(d$left == 0, NA, d$left), ifelse(is.infinite(d$right), NA, d$right), type = "interval2")

weibull <- function(d, formula) {
  fit <- survreg(formula, d, dist = "weibull", control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
  scale <- fit$scale; b <- coef(fit); k <- length(b)
  # From (b, log scale) to (-b / scale, log shape): the covariance by the delta method.
  slope <- rbind(cbind(-diag(k) / scale, b / scale), c(rep(0, k), -1))
  covariance <- slope %*% vcov(fit) %*% t(slope)
  list(intercept = -b[[1]] / scale, shape = 1 / scale, log_likelihood = fit$loglik[2],
       coefficients = many(-b[-1] / scale), standard_errors = many(sqrt(diag(covariance))[seq_len(k)][-1]),
       median = as.vector(predict(fit, data.frame(x = 0), type = "quantile", p = 0.5)))
}
# Self-consistency on the intervals where mass can lie; iterated until nothing moves.
turnbull <- function(d) {
  where <- innermost(d$left, d$right); pairs <- where$pairs; inside <- where$inside
  point <- pairs[, 1] == pairs[, 2]
  p <- rep(1 / nrow(pairs), nrow(pairs))
  for (round in 1:200000) {
    new <- p * as.vector(crossprod(inside, 1 / (inside %*% p))) / nrow(d)
    if (max(abs(new - p)) < 1e-15) break
    p <- new
  }
  at <- c(2, 5, 8, 11)
  list(log_likelihood = sum(log(inside %*% p)), times = at,
       highest = sapply(at, function(t) 1 - sum(p[pairs[, 2] <= t])),
       lowest = sapply(at, function(t) 1 - sum(p[ifelse(point, pairs[, 1] <= t, pairs[, 1] < t)])))
}
case <- function(d) list(left = many(d$left), right = many(d$right), x = many(d$x), alone = weibull(d, as_interval(d) ~ 1),
                         groups = weibull(d, as_interval(d) ~ x), curve = turnbull(d))
write_topic("intervals", list(
  close = case(draw(1, 120, 1.5, 0, 0.6)), wide = case(draw(2, 80, 4, 0, -0.5)), some_exact = case(draw(3, 100, 2, 0.3, 0.4)),
  few = case(draw(4, 25, 3, 0.1, 0))))
