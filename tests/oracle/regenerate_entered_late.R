# Recomputes, apart from the program, the survival of the study in entered_late.csv, whose patients partly entered late.
#
#   Rscript tests/oracle/regenerate_entered_late.R
#
# Dates are made times here; the pattern is that of 1 to 5 lesions in up to 3 organs. Base R and the survival package only.

suppressPackageStartupMessages(library(survival))
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))
MONTH <- 30.4375

d <- read.csv(file.path(here, "entered_late.csv"), na.strings = "")
date <- function(name) as.Date(d[[name]])
start <- date("treatment_started_on")
d$pattern <- ifelse(is.na(d$progressed_on), NA, ifelse(d$n_progressing_lesions <= 5, "oligoprogression", "systemic"))
died <- !is.na(d$died_on)
end <- as.numeric(ifelse(died, date("died_on") - start, date("last_known_alive_on") - start))
progressed <- as.numeric(date("progressed_on") - start)
entered <- pmax(0, as.numeric(date("entered_on") - start)); entered[is.na(entered)] <- 0
frame <- function(outcome) {
  r <- switch(outcome,
    os = data.frame(days = end, event = died, entry = entered),
    pps = data.frame(days = end - progressed, event = died, entry = pmax(0, entered - progressed)))
  r$group <- d$pattern
  r <- r[complete.cases(r), ]
  all <- nrow(r)
  r <- r[r$entry == 0 | r$entry < r$days, ]
  # Who was there from the start is at risk on day 0, too.
  r$from <- ifelse(r$entry == 0, -1, r$entry / MONTH)
  r$months <- r$days / MONTH
  attr(r, "never") <- all - nrow(r)
  r
}
curve <- function(r) {
  fit <- survfit(Surv(from, months, event) ~ 1, r, conf.type = "log-log")
  at <- summary(fit, times = c(6, 12))
  list(n = nrow(r), events = sum(r$event), median = many(summary(fit)$table[c("median", "0.95LCL", "0.95UCL")]),
       survival = many(at$surv), low = many(at$lower), high = many(at$upper),
       n_at_risk = many(vapply(c(6, 12), function(t) sum(r$from < t & r$months >= t), 0)))
}
one <- function(outcome) {
  r <- frame(outcome)
  r$first <- as.numeric(r$group == "oligoprogression")
  fit <- coxph(Surv(from, months, event) ~ first, r)
  follow_up <- survfit(Surv(from, months, 1 - event) ~ 1, r)
  list(never_at_risk = attr(r, "never"), groups = lapply(split(r, r$group), curve),
       hazard_ratio = many(c(exp(coef(fit)), exp(confint(fit)))), p_value = summary(fit)$coefficients[, "Pr(>|z|)"],
       proportional = cox.zph(fit, transform = "km")$table["first", "p"],
       # Without tied events the score test is the log-rank test.
       untied = !anyDuplicated(r$months[r$event]), log_rank = pchisq(fit$score, 1, lower.tail = FALSE),
       follow_up = unname(summary(follow_up)$table["median"]))
}
late <- entered[entered > 0]
write_topic("entered_late", list(n_late = length(late), median_delay = median(late / MONTH),
                                 os = one("os"), pps = one("pps")))
