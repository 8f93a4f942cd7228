# Writes the reference answers of R that tests/oracle/test_multi_state.py compares with: patients who move between states.
#
#   Rscript tests/oracle/regenerate_multistate.R
#
# Base R and the survival package only. `survfit` of several states: pstate, std.err (infinitesimal jackknife), limits on
# log-log, restricted means; multi-state `coxph`, whose coefficients are those of a model of each transition alone.

suppressPackageStartupMessages(library(survival))
options(warn = -1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))

STATES <- c("none", "oligo", "systemic", "dead_none", "dead_oligo", "dead_systemic")
# Whole or half months with many ties; some patients enter late, some of them in a later state.
make <- function(seed, n, late, step) {
  set.seed(seed)
  rows <- list()
  for (i in seq_len(n)) {
    entry <- if (runif(1) < late) round(runif(1, 0, 9) / step) * step else 0
    first <- max(step, ceiling(rexp(1, 0.1) / step) * step)
    second <- first + max(step, ceiling(rexp(1, 0.12) / step) * step)
    way <- sample(1:3, 1, prob = c(0.4, 0.4, 0.2)); end <- ceiling(runif(1, 5, 40) / step) * step
    x <- rbinom(1, 1, 0.5); y <- round(rnorm(1), 2)
    if (first > end) rows[[length(rows) + 1]] <- c(i, entry, end, 0, -1, x, y)
    else {
      rows[[length(rows) + 1]] <- c(i, entry, first, 0, way, x, y)
      if (way < 3 && second <= end) rows[[length(rows) + 1]] <- c(i, max(first, entry), second, way, 3 + way, x, y)
      if (way < 3 && second > end && end > first) rows[[length(rows) + 1]] <- c(i, max(first, entry), end, way, -1, x, y)
    }
  }
  d <- as.data.frame(do.call(rbind, rows))
  names(d) <- c("patient", "entry", "months", "state", "entered", "x", "y")
  d$entry <- round(d$entry, 2); d$months <- round(d$months, 2)
  d[d$entry < d$months, ]
}
# mgus2 of the survival package: plasma cell malignancy, then death.
mgus <- local({
  m <- mgus2
  rows <- list()
  for (i in seq_len(nrow(m))) {
    p <- max(m$ptime[i], 0.5); f <- max(m$futime[i], 0.5); old <- as.numeric(m$age[i] > 70)
    if (m$pstat[i] == 1) {
      rows[[length(rows) + 1]] <- c(i, 0, p, 0, 1, m$sex[i] == "M", old)
      f <- max(f, p + 0.5)
      rows[[length(rows) + 1]] <- c(i, p, f, 1, if (m$death[i]) 4 else -1, m$sex[i] == "M", old)
    } else rows[[length(rows) + 1]] <- c(i, 0, f, 0, if (m$death[i]) 3 else -1, m$sex[i] == "M", old)
  }
  d <- as.data.frame(do.call(rbind, rows))
  setNames(d, c("patient", "entry", "months", "state", "entered", "x", "y"))
})
# All of a state leave it together while others have not yet come: hazards of 1.
emptied <- data.frame(patient = c(1, 1, 2, 2, 3, 4, 5, 5, 6), entry = c(0, 1, 0, 2, 0, 0, 0, 5, 3), months = c(1, 2, 2, 4, 3, 6, 5, 8, 7),
  state = c(0, 1, 0, 1, 0, 0, 0, 2, 0), entered = c(1, 4, 1, 4, 3, -1, 2, 5, 3), x = c(1, 1, 0, 0, 1, 0, 1, 1, 0), y = 0)
data <- list(untied = make(1, 70, 0, 0.01), ties = make(2, 150, 0, 1), late = make(3, 120, 0.4, 0.5), most_late = make(4, 60, 0.9, 1),
             emptied = emptied, mgus = mgus)

occupied <- function(d) {
  d$event <- factor(c("censored", STATES)[ifelse(d$entered < 0, 1, d$entered + 2)], c("censored", STATES))
  d$from <- factor(STATES[d$state + 1], STATES)
  fit <- survfit(Surv(entry, months, event) ~ 1, d, id = patient, istate = from, p0 = c(1, 0, 0, 0, 0, 0), conf.type = "log-log")
  times <- c(0.5, 1, 3, 6, 7, 12, 24, 36); times <- times[times <= max(d$months)]
  at <- pmax(findInterval(times * (1 + 1e-9), fit$time), 0)
  place <- match(STATES, fit$states)
  pick <- function(x, start) t(vapply(at, function(k) if (k == 0) start else x[k, place], numeric(6)))
  taus <- c(6, 12); taus <- taus[taus <= max(d$months)]
  means <- lapply(taus, function(tau) {
    found <- summary(fit, rmean = tau)$table
    withs <- survfit(Surv(entry, months, event) ~ 1, d, id = patient, istate = from, p0 = c(1, 0, 0, 0, 0, 0), influence = TRUE)
    table <- summary(withs, rmean = tau)$table[place, ]
    list(tau = tau, value = many(table[, "rmean"]), std_err = many(table[, "se(rmean)"]))
  })
  list(times = many(times), share = pick(fit$pstate, c(1, 0, 0, 0, 0, 0)), std_err = pick(fit$std.err, rep(0, 6)),
       low = pick(fit$lower, rep(NA_real_, 6)), high = pick(fit$upper, rep(NA_real_, 6)), means = means)
}
# Each transition by a model of its own, on both clocks; and death after one state against death after the other.
models <- function(d) {
  control <- coxph.control(eps = 1e-12, iter.max = 60)
  said <- function(fit) list(coefficients = many(coef(fit)), std_err = many(sqrt(diag(fit$var))), n = fit$n, events = fit$nevent)
  one <- function(rows, to) said(coxph(Surv(entry, months, entered %in% to) ~ x + y, rows, control = control))
  after <- d[d$state %in% 1:2, ]
  after$oligo <- as.numeric(after$state == 1)
  first <- d[d$state == 0, ]
  began <- first$months[match(after$patient, first$patient)]
  reset <- after; reset$entry <- round(after$entry - ifelse(is.na(began), after$entry, began), 6)
  reset$months <- round(after$months - ifelse(is.na(began), after$entry, began), 6)
  compare <- function(rows) {
    fit <- coxph(Surv(entry, months, entered >= 0) ~ oligo + x + y, rows, control = control)
    c(said(fit), list(alone = said(coxph(Surv(entry, months, entered >= 0) ~ oligo, rows, control = control))))
  }
  list(to_oligo = one(first, 1), to_systemic = one(first, 2), to_death = one(first, 3), after_oligo = one(d[d$state == 1, ], 4),
       after_systemic = one(d[d$state == 2, ], 5), forward = compare(after), reset = compare(reset))
}
rates <- lapply(list(c(0, 12.5), c(1, 30), c(7, 100.25), c(83, 7756)), function(x) {
  found <- poisson.test(x[1], x[2])
  list(events = x[1], time = x[2], value = unname(found$estimate), low = found$conf.int[1], high = found$conf.int[2])
})
columns <- function(d) lapply(as.list(d), many)
write_topic("multistate", list(
  states = STATES, data = lapply(data, columns), occupation = lapply(data, occupied),
  models = lapply(data[c("untied", "ties", "late")], models), rates = rates))
