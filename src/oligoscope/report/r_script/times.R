# ---- times to events: Kaplan-Meier, log-rank, Cox with Efron's ties --------------------------------------
# Group, months, event, row; where patients came under observation late also their entry, on the same clock.
rows_of <- function(d, by, outcome) {
  r <- data.frame(group = words(d, by), months = as.numeric(d[[paste0(outcome, "_days")]]) / MONTH,
                  event = as.numeric(d[[paste0(outcome, "_event")]]), row = seq_len(nrow(d)), stringsAsFactors = FALSE)
  r$entry <- entry_of(d, outcome)
  r[complete.cases(r), , drop = FALSE]
}
entry_of <- function(d, outcome) {
  late <- paste0(outcome, "_entry_days")
  if (late %in% names(d)) as.numeric(d[[late]]) / MONTH
}
# The treating centres, where they are taken into account; those that are not known are one.
CENTRES <- "none"
centre_of <- function(d) if (CENTRES != "none") ifelse(blank(d$centre), "", as.character(d$centre))
is_within <- function(r) !is.null(r$.centre) && CENTRES == "strata"
is_shared <- function(r) !is.null(r$.centre) && CENTRES == "frailty"
# Proportional hazards are tested in the model without a frailty: the test of cox.zph is not for models that have one.
without_frailty <- function(r) { if (is_shared(r)) r$.centre <- NULL; r }
is_alike <- function(r) !is.null(r$.centre) && CENTRES == "cluster"
centres_in <- function(r) length(unique(r$.centre))
# Degrees of freedom of limits, which are robust to the centres where these are clusters.
df_of <- function(r, df = Inf) if (is_alike(r)) min(df, max(centres_in(r) - 1, 1)) else df
seen <- function(r, event = r$event) if (is.null(r$entry)) Surv(r$months, event) else Surv(r$entry, r$months, event)
km <- function(r, limits = "log-log", cluster = NULL) {
  if (is.null(cluster)) return(survfit(seen(r) ~ 1, conf.type = limits))
  survfit(seen(r) ~ 1, conf.type = limits, weights = r$w, cluster = cluster)
}
# Where survival stays at one half to the end of follow-up, R takes the middle of that time; the median is when it came there.
median_of <- function(fit) {
  known <- function(limit) ifelse(fit$surv %in% c(0, 1), NA, limit)
  c(crossing(fit$time, fit$surv), crossing(fit$time, known(fit$lower)), crossing(fit$time, known(fit$upper)))
}
crossing <- function(time, line) {
  tolerance <- sqrt(.Machine$double.eps)
  here <- which(!is.na(line))
  reached <- here[line[here] <= 0.5 + tolerance]
  if (!length(reached)) return(NA)
  first <- reached[1]
  below <- here[line[here] < 0.5 - tolerance]
  if (abs(line[first] - 0.5) >= tolerance || !length(below)) time[first] else (time[first] + time[below[1]]) / 2
}
survival_at <- function(fit, t) {
  if (t < min(fit$time)) return(c(1, NA, NA))
  if (t > max(fit$time) * (1 + 1e-9)) return(if (min(fit$surv) == 0) c(0, NA, NA) else c(NA, NA, NA))
  step <- max(which(fit$time <= t * (1 + 1e-9)))
  s <- fit$surv[step]
  if (s %in% c(0, 1)) c(s, NA, NA) else c(s, fit$lower[step], fit$upper[step])
}
# A gamma frailty shared by a centre. coxph stops its search for the variance early: here it is where the marginal likelihood is flat.
cox_of_frailty <- function(r, x) {
  r$.seen <- seen(r); r$.x <- x; k <- NCOL(x)
  control <- coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 200)
  plain <- tryCatch(coxph(.seen ~ .x, r, control = control), error = function(e) NULL)
  if (centres_in(r) < 2 || is.null(plain) || anyNA(coef(plain)) || any(sqrt(diag(plain$var)) > 50)) return(NULL)
  held <- function(theta) { r$.theta <- theta
    coxph(.seen ~ .x + frailty(.centre, distribution = "gamma", sparse = FALSE, theta = theta), r, control = control) }
  d <- tapply(r$event, factor(r$.centre), sum)
  at <- function(log_theta) { nu <- exp(-log_theta); fit <- held(exp(log_theta)); b <- coef(fit)[-seq_len(k)]
    list(slope = -nu * sum(b + digamma(nu + d) - digamma(nu) + log(nu) - log(nu + d) + 1 - exp(b)), fit = fit) }
  steps <- seq(log(1e-6), log(20), length.out = 25)
  slopes <- vapply(steps, function(s) at(s)$slope, 0)
  i <- which(head(slopes, -1) > 0 & tail(slopes, -1) <= 0)
  if (!length(i)) return(if (tail(slopes, 1) > 0) NULL else plain)
  fit <- at(uniroot(function(s) at(s)$slope, steps[c(i[1], i[1] + 1)], tol = 1e-11)$root)$fit
  fit$coefficients <- coef(fit)[seq_len(k)]; fit$var <- fit$var[seq_len(k), seq_len(k), drop = FALSE]
  fit
}
# `x`: the columns of the model. NULL where a coefficient has no bound, which shows itself by a standard error out of all proportion.
cox_of <- function(r, x, weights = NULL, cluster = NULL, ties = "efron", event = r$event) {
  r$.seen <- seen(r, event); r$.x <- x
  r$.w <- if (is.null(weights)) 1 else weights
  if (is_alike(r)) {
    if (centres_in(r) <= NCOL(x)) return(NULL)
    cluster <- r$.centre
  }
  if (is_shared(r) && is.null(weights) && is.null(cluster)) return(cox_of_frailty(r, x))
  r$.c <- cluster
  model <- if (is_within(r)) .seen ~ .x + strata(.centre) else .seen ~ .x
  control <- coxph.control(eps = 1e-11, iter.max = 50)
  fit <- tryCatch(
    if (is.null(cluster)) coxph(model, r, weights = .w, ties = ties, control = control, model = TRUE, x = TRUE, robust = FALSE)
    else coxph(model, r, weights = .w, cluster = .c, ties = ties, control = control, model = TRUE, x = TRUE),
    error = function(e) NULL)
  if (is.null(fit) || anyNA(coef(fit)) || any(sqrt(diag(fit$naive.var %||% fit$var)) > 50)) return(NULL)
  fit
}
proportional <- function(fit) {
  if (is.null(fit)) return(NA)
  p <- tryCatch({ z <- cox.zph(fit, transform = "km", terms = FALSE)$table; z[nrow(z), "p"] }, error = function(e) NA)
  if (is.nan(p)) NA else p
}
log_rank <- function(r) {
  none <- c(NA, NA)
  if (sum(r$event) == 0 || length(unique(r$group)) < 2) return(none)
  if (is_alike(r)) return(log_rank_of_centres(r))
  if (is_within(r)) {
    fit <- tryCatch(if (is.null(r$entry)) survdiff(Surv(months, event) ~ group + strata(.centre), r)
                    else coxph(seen(r) ~ factor(r$group) + strata(r$.centre), ties = "exact"), error = function(e) NULL)
    if (is.null(fit)) return(none)
    x <- if (is.null(r$entry)) fit$chisq else fit$score
    df <- if (is.null(r$entry)) sum(rowSums(as.matrix(fit$exp)) > 0) - 1 else sum(!is.na(coef(fit)))
    return(if (is.finite(x)) c(x, pchisq(x, df, lower.tail = FALSE)) else none)
  }
  if (!is.null(r$entry)) {
    fit <- tryCatch(coxph(seen(r) ~ factor(r$group), ties = "exact"), error = function(e) NULL)
    if (is.null(fit) || !is.finite(fit$score) || fit$score == 0 && all(is.na(coef(fit)))) return(none)
    return(c(fit$score, pchisq(fit$score, sum(!is.na(coef(fit))), lower.tail = FALSE)))
  }
  fit <- tryCatch(survdiff(Surv(months, event) ~ group, r), error = function(e) NULL)
  if (is.null(fit) || !is.finite(fit$chisq)) return(none)
  # R leaves groups with nothing expected out of the degrees of freedom.
  c(fit$chisq, pchisq(fit$chisq, sum(fit$exp > 0) - 1, lower.tail = FALSE))
}
# The score test with its variance between centres (Lin & Wei 1989), by F as Hotelling's test of their scores.
log_rank_of_centres <- function(r, weights = NULL) {
  k <- centres_in(r); q <- length(unique(r$group)) - 1
  if (k <= q) return(c(NA, NA))
  r$.w <- weights %||% 1
  r$.seen <- seen(r)
  fit <- tryCatch(coxph(.seen ~ factor(group), r, weights = .w, cluster = .centre, ties = "breslow"), error = function(e) NULL)
  if (is.null(fit) || !is.finite(fit$rscore)) return(c(NA, NA))
  x <- fit$rscore; left <- max(k - x, 0)
  c(x, if (left == 0) 0 else pf(x * (k - q) / (q * left), q, k - q, lower.tail = FALSE))
}
sparse_in <- function(r, groups, minimum) {
  is_small(vapply(groups, function(g) sum(r$group == g), 0)) ||
    min(vapply(groups, function(g) sum(r$event[r$group == g]), 0)) < minimum
}
describe_not <- function(outcome, group, variable = "", times = c(6, 12, 24)) {
  withheld(outcome, group, variable, "", "median")
  for (t in times) withheld(outcome, group, variable, "", paste0("survival_", t, "_months"))
}
describe <- function(outcome, group, r, variable = "", times = c(6, 12, 24)) {
  say(outcome, group, variable, "", "n", nrow(r))
  say(outcome, group, variable, "", "events", sum(r$event))
  if (is_small(nrow(r))) return(describe_not(outcome, group, variable, times))
  fit <- km(r)
  m <- median_of(fit)
  say(outcome, group, variable, "", "median", m[1], m[2], m[3])
  for (t in times) {
    s <- survival_at(fit, t)
    say(outcome, group, variable, "", paste0("survival_", t, "_months"), s[1], s[2], s[3])
  }
}
# The mean of survival up to a horizon: the area under the curve, and its standard error by Greenwood (Royston & Parmar 2013).
restricted_mean <- function(r, horizon) {
  fit <- km(r)
  inside <- fit$time < horizon
  time <- c(0, fit$time[inside], horizon)
  pieces <- c(1, fit$surv[inside]) * diff(time)
  beyond <- rev(cumsum(rev(pieces)))[-1]
  d <- fit$n.event[inside]; y <- fit$n.risk[inside]
  c(sum(pieces), sqrt(sum(beyond^2 * ifelse(y > d, d / (y * (y - d)), 0))))
}
