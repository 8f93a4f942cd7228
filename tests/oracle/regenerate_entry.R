# Writes the reference answers of R that tests/oracle/test_delayed_entry.py compares with: left-truncated follow-up.
#
#   Rscript tests/oracle/regenerate_entry.R
#
# Base R and the survival package only. `survdiff` takes no entry: the log-rank test is written out, and
# compared with the score test of `coxph` where no two events are tied.

suppressPackageStartupMessages(library(survival))
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))

# Times in tenths with many ties; entries at 0, late, and at the very time of others' events; causes 1 and 2.
make <- function(seed, n, late, step) {
  set.seed(seed)
  entry <- ifelse(runif(n) < late, ceiling(runif(n, 0, 9) / step) * step, 0)
  time <- round(entry + pmax(step, ceiling(rexp(n, 0.09) / step) * step), 6)
  cause <- ifelse(runif(n) < 0.25, 0, 1 + (runif(n) < 0.4))
  list(entry = round(entry, 6), time = time, died = as.numeric(cause > 0), cause = cause,
       group = sample(c("a", "b", "c"), n, TRUE, c(0.45, 0.45, 0.1)), x = round(rnorm(n), 3),
       w = c(0.5, 1, 1.5, 2)[1 + seq_len(n) %% 4], set = 1 + seq_len(n) %% (n %/% 3))
}
untied <- function(d) {
  d$time <- d$time + seq_along(d$time) / 1000
  d
}
data <- list(
  untied = untied(make(5, 80, 0.5, 0.5)),
  ties = make(1, 120, 0.5, 1), fine = make(2, 90, 0.4, 0.1), most_late = make(3, 60, 0.9, 0.5),
  few_late = make(4, 150, 0.1, 0.25),
  # One at risk dies before others have entered: survival is 0 from then on.
  emptied = list(entry = c(0, 3, 3, 4, 4, 5, 0), time = c(2, 8, 9, 7, 12, 6, 1), died = c(1, 1, 0, 1, 1, 1, 0),
                 cause = c(1, 1, 0, 2, 1, 2, 0), group = c("a", "b", "a", "b", "a", "b", "b"),
                 x = c(1, 2, 3, 1, 2, 3, 1), w = c(1, 2, 1, 2, 1, 2, 1), set = c(1, 2, 3, 4, 5, 6, 7))
)
km <- function(d, conf, weighted) {
  fit <- if (weighted) survfit(Surv(entry, time, died) ~ 1, d, weights = w, cluster = set, conf.type = conf)
         else survfit(Surv(entry, time, died) ~ 1, d, conf.type = conf)
  list(conf_type = conf, weighted = weighted, time = many(fit$time), survival = many(fit$surv), low = many(fit$lower),
       high = many(fit$upper), n_at_risk = many(fit$n.risk), n_events = many(fit$n.event),
       n_censored = many(fit$n.censor),
       std_err = many(if (isFALSE(fit$logse)) fit$std.err else fit$surv * fit$std.err),
       median = many(summary(fit)$table[c("median", "0.95LCL", "0.95UCL")]))
}
mean_to <- function(d, tau) {
  table <- summary(survfit(Surv(entry, time, died) ~ 1, d), rmean = tau)$table
  list(tau = tau, value = unname(table["rmean"]), std_err = unname(table["se(rmean)"]))
}
logrank <- function(d, groups) {
  d <- d[d$group %in% groups, ]
  k <- length(groups)
  o_e <- numeric(k); v <- matrix(0, k, k)
  for (t in unique(d$time[d$died == 1])) {
    at_risk <- vapply(groups, function(g) sum(d$group == g & d$entry < t & d$time >= t), 0)
    events <- vapply(groups, function(g) sum(d$group == g & d$time == t & d$died == 1), 0)
    n <- sum(at_risk); e <- sum(events)
    o_e <- o_e + events - e * at_risk / n
    if (n > 1) v <- v + e * (n - e) / (n - 1) * (diag(at_risk / n, k) - outer(at_risk, at_risk) / n^2)
  }
  chi <- drop(o_e[-1] %*% solve(v[-1, -1]) %*% o_e[-1])
  # Without ties R's own score test is the same.
  if (!anyDuplicated(d$time[d$died == 1]))
    stopifnot(all.equal(chi, coxph(Surv(entry, time, died) ~ group, d)$score))
  list(groups = many(groups), chi_squared = chi, p_value = pchisq(chi, k - 1, lower.tail = FALSE))
}
score <- function(d) {
  d <- d[d$group != "c", ]
  coxph(Surv(entry, time, died) ~ group, d, weights = w, cluster = set, ties = "breslow")$rscore
}
models <- function(d) {
  two <- d[d$group != "c", ]
  two$first <- as.numeric(two$group == "a")
  fit <- coxph(Surv(entry, time, died) ~ first + x, two)
  product <- anova(coxph(Surv(entry, time, died) ~ group + (x > 0), two), coxph(Surv(entry, time, died) ~ group * (x > 0), two))
  split <- survSplit(Surv(entry, time, died) ~ first + x, two, cut = c(4, 8), episode = "period")
  split$by1 <- split$first * (split$period == 1); split$by2 <- split$first * (split$period == 2)
  split$by3 <- split$first * (split$period == 3)
  list(coefficients = many(unname(coef(fit))), standard_errors = many(sqrt(diag(fit$var))), log_likelihood = many(fit$loglik),
       proportional = many(unname(cox.zph(fit, transform = "km")$table[, "chisq"])), interaction = product[2, "Chisq"],
       by_period = many(unname(coef(coxph(Surv(entry, time, died) ~ by1 + by2 + by3, split)))),
       cause_specific = unname(coef(coxph(Surv(entry, time, cause == 1) ~ first, two))),
       weighted_errors = many(sqrt(diag(coxph(Surv(entry, time, died) ~ first + x, two, weights = w, cluster = set)$var))))
}
one <- function(d) {
  d <- as.data.frame(d)
  aj <- survfit(Surv(entry, time, factor(cause, 0:2)) ~ 1, d, id = seq_len(nrow(d)))
  hazard <- survfit(Surv(entry, time, died) ~ 1, d)
  mark <- d[d$time > 3, ]
  mark$from <- pmax(mark$entry, 3)
  landmark <- survfit(Surv(from - 3, time - 3, died) ~ 1, mark)
  list(input = lapply(as.list(d), many), kaplan_meier = c(lapply(c("log-log", "plain", "log"), km, d = d, weighted = FALSE),
       lapply(c("log-log", "plain"), km, d = d, weighted = TRUE)),
       restricted_means = list(mean_to(d, 6), mean_to(d, 11)),
       log_rank = if (nrow(d) > 10) list(logrank(d, c("a", "b")), logrank(d, c("a", "b", "c"))) else list(logrank(d, c("a", "b"))),
       score_test = if (nrow(d) > 10) score(d) else NULL,
       reverse_median = many(summary(survfit(Surv(entry, time, 1 - died) ~ 1, d, conf.type = "log-log"))$table["median"]),
       cox = if (nrow(d) > 10) models(d) else NULL,
       cumulative_hazard = many(hazard$cumhaz[match(d$time, hazard$time)]),
       landmark = list(time = many(landmark$time), survival = many(landmark$surv), n_at_risk = many(landmark$n.risk)),
       incidence = list(time = many(aj$time), one = many(aj$pstate[, 2]), std_err = many(aj$std.err[, 2]),
                        n_at_risk = many(aj$n.risk[, 1])))
}
write_topic("delayed_entry", lapply(data, one))
