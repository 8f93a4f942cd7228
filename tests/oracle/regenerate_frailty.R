# Writes frailty.json: Cox models with a gamma frailty shared within centres, by survival's coxph, whole information (sparse = FALSE).
#
#   Rscript tests/oracle/regenerate_frailty.R

library(survival)
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))

HELD <- 0.3  # a variance at which R need not search
# coxph stops its search for the variance early. Here R's own marginal likelihood of known variances is differentiated by numbers (five
# points of the log variance), and its root is the maximum: nothing of this is of the formulas that are compared.
maximum <- function(held, from) {
  marginal <- function(s) held(exp(s))$history[[1]]$c.loglik
  slope <- function(s, h = 0.02) (8 * (marginal(s + h) - marginal(s - h)) - marginal(s + 2 * h) + marginal(s - 2 * h)) / (12 * h)
  exp(uniroot(slope, log(from) + c(-0.1, 0.1), tol = 1e-12)$root)
}
case <- function(months, died, x, centre, entry = NULL) {
  x <- as.matrix(x)
  y <- if (is.null(entry)) Surv(months, died) else Surv(entry, months, died)
  tight <- coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 200, outer.max = 200)
  k <- ncol(x)
  of <- function(fit) list(coefficients = many(coef(fit)[seq_len(k)]), standard_errors = many(sqrt(diag(fit$var))[seq_len(k)]))
  free <- coxph(y ~ x + frailty(centre, distribution = "gamma", sparse = FALSE, eps = 1e-9), control = tight, ties = "efron")
  at <- function(theta) coxph(y ~ x + frailty(centre, distribution = "gamma", sparse = FALSE, theta = theta), control = tight, ties = "efron")
  held <- at(HELD)
  without <- coxph(y ~ x, ties = "efron", control = tight)$loglik[2]
  top <- NULL
  if (free$history[[1]]$theta > 1e-3) {
    theta <- maximum(at, free$history[[1]]$theta); fit <- at(theta); marginal <- fit$history[[1]]$c.loglik
    usual <- coxph(y ~ x + frailty(centre, distribution = "gamma", sparse = TRUE, theta = theta), control = tight, ties = "efron")
    top <- c(of(fit), list(theta = theta, marginal = marginal, p = pchisq(2 * (marginal - without), 1, lower.tail = FALSE) / 2,
                           frailties = many(exp(coef(fit)[-seq_len(k)])), sparse = of(usual)))
  }
  found <- c(of(free), list(theta = free$history[[1]]$theta, marginal = free$history[[1]]$c.loglik))
  c(list(top = top, months = many(months), died = many(died), x = lapply(seq_len(k), function(j) many(x[, j])), centre = many(centre), found = found,
         held = c(of(held), list(theta = HELD, frailties = many(exp(coef(held)[-seq_len(k)])))), without = without),
    if (is.null(entry)) list() else list(entry = many(entry)))
}
set.seed(20251127)
draw <- function(n, centres, theta, digits) {
  centre <- rep(seq_len(centres), length.out = n)
  factor <- rgamma(centres, 1 / theta, 1 / theta)
  group <- as.integer(runif(n) < 0.5); age <- round(rnorm(n), 2)
  months <- round(rexp(n, 0.1 * factor[centre] * exp(0.5 * group + 0.2 * age)) + 10^-digits, digits)
  end <- round(runif(n, 5, 30), digits)
  list(months = pmin(months, end), died = as.integer(months <= end), x = cbind(group, age), centre = centre)
}
few <- draw(150, 6, 0.4, 1); many_centres <- draw(200, 20, 0.8, 2); tied <- draw(160, 8, 0.6, 0); three <- draw(90, 3, 0.5, 1)
late <- draw(200, 10, 0.5, 1); entry <- round(runif(200, 0, 4), 1); stays <- late$months > entry
# Start-stop rows: a column of its own for what begins at 4 months.
rows <- survSplit(Surv(months, died) ~ ., data.frame(few[c("months", "died", "centre")], few$x), cut = 4, episode = "period")
begun <- (rows$period == 2) * round(rnorm(nrow(rows)), 1)
write_topic("frailty", list(
  six_centres = do.call(case, few),
  twenty_centres = do.call(case, many_centres),
  ties = do.call(case, tied),
  three_centres_one_column = case(three$months, three$died, three$x[, "group"], three$centre),
  late_entry = case(late$months[stays], late$died[stays], late$x[stays, ], late$centre[stays], entry[stays]),
  start_stop = case(rows$months, rows$died, cbind(rows$group, rows$age, begun), rows$centre, rows$tstart)))
