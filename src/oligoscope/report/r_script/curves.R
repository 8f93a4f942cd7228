# ---- times to events: Kaplan-Meier, log-rank, Cox with Efron's ties -------------------------------------
# Group, months, event; where patients came under observation late also their entry, on the same clock.
rows_of <- function(d, by, outcome) {
  r <- data.frame(group = words(d, by), months = number(d, paste0(outcome, "_days")) / MONTH,
                  event = number(d, paste0(outcome, "_event")), row = seq_len(nrow(d)), stringsAsFactors = FALSE)
  late <- paste0(outcome, "_entry_days")
  if (late %in% names(d)) r$entry <- number(d, late) / MONTH
  r[complete.cases(r), , drop = FALSE]
}
follow_up <- function(r) if (is.null(r$entry)) Surv(r$months, r$event) else Surv(r$entry, r$months, r$event)
curve_of <- function(r, limits = "log-log", cluster = NULL) {
  if (is.null(cluster)) return(survfit(follow_up(r) ~ 1, conf.type = limits))
  survfit(follow_up(r) ~ 1, conf.type = limits, weights = r$weight, cluster = cluster)
}
# The first time at which a line is at or below one half; where it stays at one half, the middle of that time. Where it does to
# the end of follow-up, it is the beginning.
crossing <- function(time, line) {
  tolerance <- sqrt(.Machine$double.eps)
  here <- which(!is.na(line))
  reached <- here[line[here] <= 0.5 + tolerance]
  if (!length(reached)) return(NA)
  first <- reached[1]
  below <- here[line[here] < 0.5 - tolerance]
  if (abs(line[first] - 0.5) >= tolerance || !length(below)) time[first] else (time[first] + time[below[1]]) / 2
}
median_of <- function(fit) {
  known <- function(limit) ifelse(fit$surv %in% c(0, 1), NA, limit)
  c(crossing(fit$time, fit$surv), crossing(fit$time, known(fit$lower)), crossing(fit$time, known(fit$upper)))
}
survival_at <- function(fit, t) {
  if (t < min(fit$time)) return(c(1, NA, NA))
  if (t > max(fit$time) * (1 + 1e-9)) return(if (min(fit$surv) == 0) c(0, NA, NA) else c(NA, NA, NA))
  step <- max(which(fit$time <= t * (1 + 1e-9)))
  s <- fit$surv[step]
  if (s %in% c(0, 1)) c(s, NA, NA) else c(s, fit$lower[step], fit$upper[step])
}
cox_of <- function(r, design, weights = NULL, cluster = NULL, ties = "efron") {
  r$design <- design; r$seen <- follow_up(r)
  r$w <- if (is.null(weights)) 1 else weights
  control <- coxph.control(eps = 1e-11, iter.max = 50)
  if (is.null(cluster)) return(coxph(seen ~ design, r, weights = w, ties = ties, control = control, x = TRUE, model = TRUE, robust = FALSE))
  r$of <- cluster
  coxph(seen ~ design, r, weights = w, cluster = of, ties = ties, control = control, x = TRUE, model = TRUE)
}
proportional <- function(fit) {
  z <- tryCatch(cox.zph(fit, transform = "km", terms = FALSE)$table, error = function(e) NULL)
  if (is.null(z)) NA else z[nrow(z), "p"]
}
log_rank <- function(r) {
  if (is.null(r$entry)) {
    fit <- survdiff(Surv(months, event) ~ group, r)
    return(c(fit$chisq, pchisq(fit$chisq, sum(fit$exp > 0) - 1, lower.tail = FALSE)))
  }
  fit <- coxph(Surv(entry, months, event) ~ factor(group), r, ties = "exact")
  c(fit$score, pchisq(fit$score, length(coef(fit)), lower.tail = FALSE))
}
attempt <- function(expression, none) tryCatch(expression, error = function(e) none)
say_curve <- function(at, fit, n, events, times = c(6, 12, 24)) {
  same(at, "n", n)
  same(at, "events", events)
  m <- median_of(fit)
  same(at, "median", m[1], m[2], m[3])
  for (t in times) {
    s <- survival_at(fit, t)
    same(at, paste0("survival_", t, "_months"), s[1], s[2], s[3])
  }
}
say_ratio <- function(at, b, se, df = Inf) {
  x <- ratio(b, se, df)
  same(at, "hazard_ratio", x[1], x[2], x[3])
  same(at, "log_hazard_ratio", b)
  same(at, "log_hazard_ratio_se", se)
}
