# The numbers of this folder once more, in R, apart from the program that wrote it.
#
#   Rscript analysis.R
#
# reads results.csv, patients.csv and, where they are here, covariates.csv, definitions.csv, responses.csv, management.csv,
# reader_responses.csv, imputed.csv, scores.csv, weights.csv and matched_pairs.csv; computes every row of results.csv that follows
# from them; and prints each number beside R's with the difference. The values that were drawn for missing ones are taken as they are;
# what was made of them is computed. It ends with status 1 where a number differs by more than 1e-6 of its size.
# It needs R and its package survival, and changes no file.

suppressPackageStartupMessages(library(survival))
if (getRversion() < "4.0.0" || packageVersion("survival") < "3.2.0") stop("R 4.0 and survival 3.2, or later, are needed")
options(warn = -1)

# ---- columns: levels and their order, as docs/data.md declares them -------------------------------------
responses <- c("CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE")
LEVELS <- list(
  age_60 = c(">=60", "<60"), brain_metastasis = c("yes", "no"), progressed = c("yes", "no"),
  pattern = c("oligoprogression", "systemic"),
  resistance = c("acquired", "primary", "unconfirmed_primary", "not_acquired_by_definition", "unclassifiable"),
  best_response = responses, confirmed_response = responses, sex = c("male", "female"), smoking = c("ever", "never"),
  histology = c("squamous", "adenocarcinoma", "other"), pd_l1 = c("<1%", "1-49%", ">=50%"),
  driver_gene = c("negative", "positive", "unknown"))
FIRST_IS_REFERENCE <- c("pd_l1", "stage", "ecog")
COUNTS <- c("n_baseline_organs", "n_baseline_lesions", "n_progressing_organs") # numbers however few their values
MONTH <- 30.4375  # days
Z <- qnorm(0.975)
MINIMUM_GROUP <- 0  # of the study: `matching: minimum_group`
`%||%` <- function(a, b) if (is.null(a)) b else a

# A table of patients has the attribute "kinds": of each column "text", "boolean", "integer" or "number".
blank <- function(x) is.na(x)
kind_of <- function(d, name) attr(d, "kinds")[[name]] %||% "text"
is_levels <- function(d, name) {
  kind <- kind_of(d, name)
  if (kind %in% c("text", "boolean")) return(TRUE)
  kind == "integer" && !(name %in% COUNTS) && length(unique(d[[name]])) <= 6
}
words <- function(d, name) {
  x <- as.character(d[[name]])
  if (kind_of(d, name) == "boolean") x <- ifelse(x == "true", "yes", ifelse(x == "false", "no", x))
  x
}
levels_of <- function(name, x) {
  present <- unique(x[!blank(x)])
  known <- LEVELS[[name]]
  c(known[known %in% present], sort(setdiff(present, known), method = "radix"))
}
# The groups that an analysis compares: the reference that study.yaml names is last.
groups_of <- function(a, x) {
  groups <- levels_of(a$by, x)
  if (is.null(a$reference)) return(groups)
  both <- c(a$reference, if (a$reference == "true") "yes", if (a$reference == "false") "no")
  chosen <- groups[groups %in% both][1]
  if (is.na(chosen)) groups else c(setdiff(groups, chosen), chosen)
}
# A level `all` beside the group of all patients.
beside_all <- function(a, groups) ifelse(groups == "all", paste0(a$by, "=all"), groups)
keep <- function(d, rows) {
  out <- d[if (is.logical(rows)) which(rows) else rows, , drop = FALSE]
  attr(out, "kinds") <- attr(d, "kinds")
  out
}
select <- function(d, a) {
  for (column in names(a$where)) {
    word <- a$where[[column]]
    if (kind_of(d, column) %in% c("integer", "number")) d <- keep(d, as.numeric(d[[column]]) == as.numeric(word))
    else {
      if (kind_of(d, column) == "boolean") word <- switch(word, true = "yes", false = "no", word)
      d <- keep(d, words(d, column) == word)
    }
  }
  d
}
population <- function(study, name) {
  inside <- if (name == "progressed") "progressed" else c("treated", "progressed")
  keep(study$patients, study$patients$population %in% inside)
}
versus <- function(groups) paste(groups, collapse = " vs ")
is_small <- function(sizes) min(sizes) < MINIMUM_GROUP
# Why a variable cannot be in a model of all these patients; NULL where it can.
left_out <- function(cohorts, name) {
  columns <- lapply(cohorts, function(d) if (name %in% names(d)) d[[name]] else rep(NA, nrow(d)))
  known <- lapply(columns, function(x) x[!blank(x)])
  if (any(lengths(known) == 0)) return("blank for all")
  if (any(vapply(known, function(x) length(unique(x)), 0L) < 2)) return("one level only")
  n <- mapply(function(d, x) if (name %in% names(d) && is_levels(d, name)) length(unique(x)) else 0L, cohorts, columns)
  if (max(n) > 50) return("too many levels")
  if (any(vapply(columns, anyNA, TRUE))) "missing and not imputed"
}
usable <- function(d, names) names[vapply(names, function(n) is.null(left_out(list(d), n)), TRUE)]

# ---- answers: one for each row of results.csv ------------------------------------------------------------
# A value of NA: there is no such number, and the program says why. NaN: this script does not compute it.
answers <- list()
ASKED <- c("", "")  # the analysis and the population of the rows
DIVIDER <- "\x1f"
say <- function(outcome, group, variable, level, statistic, value, low = NA, high = NA) {
  if (length(value) == 0) value <- NA
  at <- paste(c(ASKED, outcome, group, variable, level, statistic), collapse = DIVIDER)
  answers[[at]] <<- as.numeric(c(value, low, high))
}
withheld <- function(...) say(..., value = NA)
# What is asked of the files of the folder: how often, and how often it holds.
checks <- list()
check <- function(what, holds) checks[[what]] <<- (checks[[what]] %||% c(0, 0)) + c(length(holds), sum(holds %in% TRUE))
# Of each kind of analysis its function of the study, the patients and the settings; of the whole study those of the study.
ANALYSES <- list()
OF_THE_STUDY <- list()

# What patients who were treated may have come to, and which of these are compared.
STATES <- c("no_progression", "oligoprogression", "systemic")
PAIRS <- list(c(2, 3), c(2, 1), c(3, 1))

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

# ---- beside a ratio that changes with time: restricted means, ratios by period, a weighted log-rank test ----------
# `a`: the settings of the analysis. `at`: how a row is named, from its variable and level (a landmark is the variable itself).
ends_of <- function(a) as.numeric(unlist(a$period_ends %||% c(6, 12)))
powers_of <- function(a) {
  if ((a$weighted_test %||% "max_combo") == "max_combo") return(list(c(0, 0), c(0, 1), c(1, 0), c(1, 1)))
  list(as.numeric(unlist(a$rho_gamma %||% c(0, 1))))
}
horizon_of <- function(a, r) {
  if (!is.null(a$horizon_months) && !is.na(a$horizon_months)) return(as.numeric(a$horizon_months))
  min(max(r$months[r$first == 1]), max(r$months[r$first == 0]))
}
period_names <- function(ends) c(paste0(format_each(c(0, ends[-length(ends)])), "-", format_each(ends)), paste0(">", format_each(ends[length(ends)])))
format_each <- function(x) vapply(x, function(one) format(one, digits = 15), "")
few_events <- function(r, begin, end, minimum) {
  inside <- r$months > begin & r$months <= end & r$event == 1
  min(sum(inside & r$first == 1), sum(inside & r$first == 0)) < minimum
}
events_before <- function(r, horizon) min(vapply(0:1, function(g) sum(r$event == 1 & r$months < horizon & r$first == g), 0))
is_beyond <- function(r, horizon) any(vapply(0:1, function(g) {
  fit <- km(r[r$first == g, ])
  horizon > max(fit$time) * (1 + 1e-9) && min(fit$surv) > 0
}, TRUE))

# Follow-up cut at the ends of the periods.
in_periods <- function(r, ends) {
  edges <- c(0, ends, Inf)
  begin <- r$entry %||% rep(0, nrow(r))
  parts <- do.call(rbind, lapply(seq_len(length(edges) - 1), function(i) {
    x <- r
    x$entry <- pmax(begin, edges[i]); x$months <- pmin(r$months, edges[i + 1]); x$period <- i
    x$event <- r$event * (r$months > edges[i] & r$months <= edges[i + 1])
    x
  }))
  parts[parts$months > parts$entry, ]
}
period_fit <- function(parts, columns, weights = NULL, cluster = NULL) {
  parts$.w <- if (is.null(weights)) rep(1, nrow(parts)) else weights
  parts$.c <- cluster
  control <- coxph.control(eps = 1e-11, iter.max = 50)
  tryCatch(
    if (is.null(cluster)) coxph(seen(parts) ~ columns, parts, weights = .w, robust = FALSE, control = control)
    else coxph(seen(parts) ~ columns, parts, weights = .w, cluster = .c, control = control),
    error = function(e) NULL)
}

# Log-rank statistics whose events count S(t-)^rho (1 - S(t-))^gamma, S of both groups together, and their covariance: Fleming &
# Harrington 1991; with weights or clusters that of sums of score residuals over the clusters.
weighted_log_ranks <- function(r, powers, weights = NULL, cluster = NULL) {
  w <- if (is.null(weights)) rep(1, nrow(r)) else weights
  entry <- if (is.null(r$entry)) rep(-1, nrow(r)) else ifelse(r$entry == 0, -1, r$entry)
  times <- sort(unique(r$months[r$event == 1]))
  at <- lapply(times, function(t) {
    risk <- entry < t & r$months >= t; dies <- r$event == 1 & r$months == t
    c(d = sum(w[dies]), y = sum(w[risk]), d1 = sum((w * r$first)[dies]), y1 = sum((w * r$first)[risk]))
  })
  at <- do.call(rbind, at)
  d <- at[, "d"]; y <- at[, "y"]; share <- at[, "y1"] / y
  survival <- c(1, cumprod(1 - d / y)[-length(d)])
  weight <- vapply(powers, function(p) survival^p[1] * (1 - survival)^p[2], numeric(length(times)))
  weight <- matrix(weight, ncol = length(powers))
  if (is.null(cluster)) {
    v <- ifelse(y > 1, d * share * (1 - share) * (y - d) / (y - 1), 0)
    return(list(u = drop(t(weight) %*% (at[, "d1"] - d * share)), v = t(weight) %*% (weight * v)))
  }
  residuals <- vapply(seq_along(powers), function(k) vapply(seq_len(nrow(r)), function(i) {
    there <- entry[i] < times & r$months[i] >= times
    own <- if (r$event[i] == 1) { j <- match(r$months[i], times); weight[j, k] * (r$first[i] - share[j]) } else 0
    w[i] * (own - sum((weight[, k] * d / y * (r$first[i] - share))[there]))
  }, 0), numeric(nrow(r)))
  by_cluster <- rowsum(residuals, cluster)
  list(u = colSums(residuals), v = t(by_cluster) %*% by_cluster)
}
# P that the largest of the four standard normal deviates of MaxCombo is at least z (Lin et al. 2020): the first exceeds z, or it does
# not and the second does, and so on. The first is a sum of the second and third, so that three integrals are left.
tail_of_max_combo <- function(z, R) {
  together <- solve(R[2:3, 2:3], R[1, 2:3])
  sd3 <- sqrt(1 - R[2, 3]^2)
  from <- solve(R[2:3, 2:3], R[4, 2:3]); sd4 <- sqrt(max(1 - sum(from * R[4, 2:3]), 0))
  # The interval of the third deviate, given the second, in which the first is within its limits.
  inside <- function(x) sort((c(-z, z) - together[1] * x) / together[2])
  at3 <- function(x3, x2) dnorm(x3, R[2, 3] * x2, sd3)
  p3 <- function(low, high, x2) if (high <= low) 0 else diff(sort(pnorm_of(low, high, R[2, 3] * x2, sd3)))
  over <- function(f) {
    edges <- seq(-z, z, length.out = 41)
    sum(vapply(seq_len(40), function(i) integrate(Vectorize(f), edges[i], edges[i + 1], rel.tol = 1e-9, abs.tol = 0,
                                                  stop.on.error = FALSE)$value, 0))
  }
  first <- 2 * pnorm(-z)
  r <- R[1, 2]; s <- sqrt(1 - r^2)
  second <- 2 * integrate(function(x) dnorm(x) * (pnorm((z - r * x) / s) - pnorm((-z - r * x) / s)), z, Inf, rel.tol = 1e-11, abs.tol = 0)$value
  third <- over(function(x) {
    i <- inside(x)
    dnorm(x) * (p3(max(z, i[1]), max(z, i[2]), x) + p3(min(-z, i[1]), min(-z, i[2]), x))
  })
  fourth <- over(function(x) {
    i <- c(max(-z, inside(x)[1]), min(z, inside(x)[2]))
    if (i[2] <= i[1]) return(0)
    dnorm(x) * integrate(function(y) {
      m <- from[1] * x + from[2] * y
      at3(y, x) * (pnorm((m - z) / sd4) + pnorm((-z - m) / sd4))
    }, i[1], i[2], rel.tol = 1e-10, abs.tol = 0, stop.on.error = FALSE)$value
  })
  first + second + third + fourth
}
# Both ends in the tail that is smaller, so that their difference keeps its digits.
pnorm_of <- function(low, high, mean, sd) {
  if (low > mean) pnorm(c(low, high), mean, sd, lower.tail = FALSE) else pnorm(c(low, high), mean, sd)
}
# The largest deviate, and its P.
weighted_test <- function(r, powers, weights = NULL, cluster = NULL) {
  x <- tryCatch(weighted_log_ranks(r, powers, weights, cluster), error = function(e) NULL)
  if (is.null(x) || any(!is.finite(x$v)) || any(diag(x$v) <= 0)) return(c(NA, NA))
  z <- max(abs(x$u / sqrt(diag(x$v))))
  if (length(powers) == 1) return(c(z, 2 * pnorm(-z)))
  c(z, tryCatch(tail_of_max_combo(z, cov2cor(x$v)), error = function(e) NaN))
}

change_of_hazards <- function(r, groups, outcome, a, landmark = NULL) {
  pair <- versus(groups)
  here <- function(name) if (is.null(landmark)) c(name, "") else c(landmark, name)
  where <- landmark %||% ""
  horizon <- horizon_of(a, r)
  of <- list(r[r$first == 1, ], r[r$first == 0, ])
  if (events_before(r, horizon) < a$minimum_events || is_beyond(r, horizon)) {
    withheld(outcome, pair, where, "", "restricted_mean_difference")
  } else {
    means <- lapply(of, restricted_mean, horizon)
    say(outcome, pair, where, "", "restricted_mean_horizon", horizon)
    if (is.null(landmark)) for (i in 1:2) {
      m <- means[[i]]
      say(outcome, groups[i], "", "", "restricted_mean", m[1], m[1] - Z * m[2], m[1] + Z * m[2])
    }
    gap <- means[[1]][1] - means[[2]][1]; se <- sqrt(means[[1]][2]^2 + means[[2]][2]^2)
    say(outcome, pair, where, "", "restricted_mean_difference", gap, gap - Z * se, gap + Z * se)
    at <- here("restricted_mean")
    say(outcome, pair, at[1], at[2], "p_value", p_of(gap / se))
  }
  ends <- ends_of(a); edges <- c(0, ends, Inf)
  parts <- in_periods(r, ends)
  columns <- outer(parts$period, seq_len(length(ends) + 1), `==`) * parts$first
  fit <- period_fit(parts, columns); one <- period_fit(parts, parts$first)
  for (i in seq_along(period_names(ends))) {
    at <- c(if (is.null(landmark)) "period" else landmark, period_names(ends)[i])
    if (is.null(fit) || few_events(r, edges[i], edges[i + 1], a$minimum_events)) {
      withheld(outcome, pair, at[1], at[2], "hazard_ratio_period"); next
    }
    hr <- ratio(coef(fit)[i], sqrt(fit$var[i, i]))
    say(outcome, pair, at[1], at[2], "hazard_ratio_period", hr[1], hr[2], hr[3])
  }
  if (!is.null(fit)) {
    df <- sum(!is.na(coef(fit))) - 1
    at <- here("period")
    if (df > 0) say(outcome, pair, at[1], at[2], "p_value", pchisq(2 * (fit$loglik[2] - one$loglik[2]), df, lower.tail = FALSE))
  }
  test <- weighted_test(r, powers_of(a))
  at <- here("weighted_log_rank")
  say(outcome, pair, at[1], at[2], "p_value", test[2])
  if (!is.na(test[1])) say(outcome, pair, at[1], at[2], "test_statistic", test[1])
}

# Of matched patients, over the imputations: `rows` with w, set and patient; `complete`: degrees of freedom of one cohort alone.
change_of_hazards_in_sets <- function(rows, groups, outcome, a, complete, plain, clustered) {
  pair <- versus(groups); m <- length(rows)
  once <- lapply(rows, function(r) r[!duplicated(r$patient), ])
  limits <- function(x) { reach <- (if (is.finite(x$df)) qt(0.975, x$df) else Z) * sqrt(x$t); c(x$q, x$q - reach, x$q + reach) }
  cluster <- function(r) if (!plain || clustered) r$set
  horizon <- min(vapply(rows, function(r) horizon_of(a, r), 0))
  if (any(vapply(once, function(r) events_before(r, horizon), 0) < a$minimum_events) || any(vapply(rows, is_beyond, TRUE, horizon))) {
    withheld(outcome, pair, "", "", "restricted_mean_difference")
  } else {
    say(outcome, pair, "", "", "restricted_mean_horizon", horizon)
    found <- lapply(rows, means_in_sets, horizon, cluster)
    for (i in 1:2) {
      x <- limits(pool(vapply(found, function(f) f$mean[i], 0), vapply(found, function(f) f$own[i], 0), complete))
      say(outcome, groups[i], "", "", "restricted_mean", x[1], x[2], x[3])
    }
    gap <- pool(vapply(found, function(f) f$mean[1] - f$mean[2], 0), vapply(found, function(f) f$variance, 0), complete)
    x <- limits(gap)
    say(outcome, pair, "", "", "restricted_mean_difference", x[1], x[2], x[3])
    say(outcome, pair, "restricted_mean", "", "p_value", p_of(gap$q / sqrt(gap$t), gap$df))
  }
  ends <- ends_of(a); edges <- c(0, ends, Inf); k <- length(ends) + 1
  fits <- lapply(rows, function(r) {
    parts <- in_periods(r, ends)
    period_fit(parts, outer(parts$period, seq_len(k), `==`) * parts$first, if (!plain) parts$w, cluster(parts))
  })
  failed <- any(vapply(fits, is.null, TRUE))
  lost <- failed
  for (i in seq_len(k)) {
    few <- any(vapply(once, few_events, TRUE, edges[i], edges[i + 1], a$minimum_events))
    given <- !failed && !any(vapply(fits, function(f) is.na(coef(f)[i]) || sqrt(f$var[i, i]) > 50 ||
                                      (!is.null(f$naive.var) && sqrt(f$naive.var[i, i]) > 50), TRUE))
    lost <- lost || !given
    if (few || !given) { withheld(outcome, pair, "period", period_names(ends)[i], "hazard_ratio_period"); next }
    x <- limits(pool(vapply(fits, function(f) coef(f)[i], 0), vapply(fits, function(f) f$var[i, i], 0), complete))
    say(outcome, pair, "period", period_names(ends)[i], "hazard_ratio_period", exp(x[1]), exp(x[2]), exp(x[3]))
  }
  if (!lost) {
    L <- cbind(-1, diag(k - 1))
    q <- do.call(rbind, lapply(fits, function(f) drop(L %*% coef(f)))); u <- lapply(fits, function(f) L %*% f$var %*% t(L))
    p <- if (m > 1) d1(q, u, complete) else if (plain && !clustered) {
      parts <- in_periods(rows[[1]], ends)
      pchisq(2 * (fits[[1]]$loglik[2] - period_fit(parts, parts$first)$loglik[2]), k - 1, lower.tail = FALSE)
    } else {
      wald <- drop(q %*% solve(u[[1]]) %*% t(q))
      if (is.finite(complete)) pf(wald / (k - 1), k - 1, complete, lower.tail = FALSE) else pchisq(wald, k - 1, lower.tail = FALSE)
    }
    say(outcome, pair, "period", "", "p_value", p)
  }
  tests <- vapply(rows, function(r) if (plain) weighted_test(r, powers_of(a)) else weighted_test(r, powers_of(a), r$w, r$set), c(0, 0))
  if (all(!is.na(tests[1, ]))) {
    say(outcome, pair, "weighted_log_rank", "", "p_value", median(tests[2, ]))
    at <- median_at(tests[2, ])
    if (!is.na(at)) say(outcome, pair, "weighted_log_rank", "", "test_statistic", tests[1, at])
  } else withheld(outcome, pair, "weighted_log_rank", "", "p_value")
}
# Restricted means with the variance of sums over the sets of what each patient moves them (infinitesimal jackknife; of patients
# alone it is Greenwood's). An event at t takes the area beyond t; whoever is at risk there gives some of it back.
means_in_sets <- function(r, horizon, cluster) {
  moves <- numeric(nrow(r)); mean <- c(0, 0); own <- c(0, 0)
  label <- cluster(r) %||% seq_len(nrow(r))
  for (i in 1:2) {
    mine <- which(r$first == 2 - i)
    x <- r[mine, ]
    entry <- if (is.null(x$entry)) rep(-1, nrow(x)) else ifelse(x$entry == 0, -1, x$entry)
    times <- sort(unique(x$months[x$event == 1 & x$months < horizon]))
    d <- vapply(times, function(t) sum(x$w[x$event == 1 & x$months == t]), 0)
    y <- vapply(times, function(t) sum(x$w[entry < t & x$months >= t]), 0)
    left <- ifelse(d >= y * (1 - 1e-12), 0, 1 - d / y)
    pieces <- c(1, cumprod(left)) * diff(c(0, times, horizon))
    beyond <- rev(cumsum(rev(pieces)))[-1]
    mean[i] <- sum(pieces)
    moves[mine] <- vapply(seq_len(nrow(x)), function(j) {
      there <- entry[j] < times & x$months[j] >= times
      dies <- x$event[j] == 1 & x$months[j] == times
      x$w[j] * sum(ifelse(left > 0, (there * d / y - dies) * beyond / (y - d), 0))
    }, 0) * (if (i == 1) 1 else -1)
    own[i] <- sum(rowsum(moves[mine], label[mine])^2)
  }
  list(mean = mean, own = own, variance = sum(rowsum(moves, label)^2))
}

# Of the time-dependent model: `r` with state, entry, months and event.
change_of_states <- function(r, a, states, pairs) {
  ends <- ends_of(a); k <- length(ends) + 1
  parts <- in_periods(r, ends)
  for (p in pairs) {
    others <- setdiff(states, states[p[2]])
    columns <- do.call(cbind, lapply(others, function(s) outer(parts$period, seq_len(k), `==`) * (parts$state == s)))
    fit <- period_fit(parts, columns)
    at <- (match(states[p[1]], others) - 1) * k
    for (i in seq_len(k)) {
      events <- vapply(states[p], function(s) sum(parts$event[parts$state == s & parts$period == i]), 0)
      if (is.null(fit) || min(events) < a$minimum_events) {
        withheld("os", versus(states[p]), "period", period_names(ends)[i], "hazard_ratio_period"); next
      }
      hr <- ratio(coef(fit)[at + i], sqrt(fit$var[at + i, at + i]))
      say("os", versus(states[p]), "period", period_names(ends)[i], "hazard_ratio_period", hr[1], hr[2], hr[3])
    }
  }
  throughout <- vapply(states[-1], function(s) as.numeric(parts$state == s), numeric(nrow(parts)))
  by_period <- do.call(cbind, lapply(states[-1], function(s) outer(parts$period, seq_len(k), `==`) * (parts$state == s)))
  one <- period_fit(parts, throughout); fit <- period_fit(parts, by_period)
  if (is.null(one) || is.null(fit)) return(invisible())
  df <- sum(!is.na(coef(fit))) - sum(!is.na(coef(one)))
  if (df > 0) say("os", "", "period", "", "p_value", pchisq(2 * (fit$loglik[2] - one$loglik[2]), df, lower.tail = FALSE))
}

# Of a definition: the rows are named by it, with the patterns compared as `level`, and what they are as `variable`.
change_under_definition <- function(r, groups, definition, a) {
  kept <- answers; answers <<- list()
  change_of_hazards(r, groups, "pps", a, "")
  made <- answers; answers <<- kept
  for (at in names(made)) {
    keys <- strsplit(at, DIVIDER, fixed = TRUE)[[1]]  # analysis, population, outcome, group, variable, level, statistic
    say("pps", definition, keys[6], versus(groups), keys[7], made[[at]][1], made[[at]][2], made[[at]][3])
  }
}

# ---- ratios and their limits; pooling over imputations ---------------------------------------------------
ratio <- function(estimate, error, df = Inf) {
  reach <- if (is.finite(df)) qt(0.975, df) else Z
  exp(c(estimate, estimate - reach * error, estimate + reach * error))
}
p_of <- function(t, df = Inf) 2 * if (is.finite(df)) pt(-abs(t), df) else pnorm(-abs(t))

# Rubin 1987, 3.3; degrees of freedom by Barnard & Rubin 1999 (share of missing no smaller than 1e-4, as mice).
pool <- function(q, u, complete = Inf) {
  m <- length(q)
  if (m == 1) return(list(q = q, t = u, df = complete, lambda = 0, fmi = 0))
  b <- var(q)
  total <- mean(u) + (1 + 1 / m) * b
  share <- max((1 + 1 / m) * b / total, 1e-4)
  old <- (m - 1) / share^2
  observed <- (complete + 1) / (complete + 3) * complete * (1 - share)
  df <- if (is.finite(complete)) old * observed / (old + observed) else old
  r <- (1 + 1 / m) * b / mean(u)
  list(q = mean(q), t = total, df = df, lambda = (1 + 1 / m) * b / total, fmi = (r + 2 / (df + 3)) / (r + 1))
}
# Li, Raghunathan & Rubin 1991; Reiter 2007 where the size of the complete data is known.
d1 <- function(q, u, complete) {
  m <- nrow(q); k <- ncol(q)
  bar <- colMeans(q); within <- Reduce(`+`, u) / m
  inverse <- solve(within)
  w <- drop(t(bar) %*% inverse %*% bar)
  if (m == 1) return(pchisq(w, k, lower.tail = FALSE))
  r <- (1 + 1 / m) * sum(diag(cov(q) %*% inverse)) / k
  t <- k * (m - 1)
  if (t > 4 && is.finite(complete)) {
    a <- r * t / (t - 2)
    v <- (complete + 1) / (complete + 3) * complete
    c0 <- 1 / (t - 4); c1 <- v - 2 * (1 + a); c2 <- v - 4 * (1 + a)
    z <- 1 / c2 + c0 * (a^2 * c1 / ((1 + a)^2 * c2)) + c0 * (8 * a^2 * c1 / ((1 + a) * c2^2) + 4 * a^2 / ((1 + a) * c2)) +
      c0 * (4 * a^2 / (c2 * c1) + 16 * a^2 * c1 / c2^3) + c0 * (8 * a^2 / c2^2)
    df2 <- 4 + 1 / z
  } else if (t > 4) df2 <- 4 + (t - 4) * (1 + (1 - 2 / t) / r)^2
  else df2 <- t * (1 + 1 / k) * (1 + 1 / r)^2 / 2
  pf(w / (k * (1 + r)), k, df2, lower.tail = FALSE)
}
# VanderWeele & Ding 2017; where more than 15 % have the outcome a ratio is first made a risk ratio (docs/methods-models.md).
e_value <- function(x, low, high, convert) {
  of <- function(r) { r <- max(r, 1 / r); r + sqrt(r * (r - 1)) }
  x <- convert(x); limit <- if (x >= 1) convert(low) else convert(high)
  c(of(x), if ((x >= 1) == (limit > 1) && limit != 1) of(limit) else 1)
}
common <- function(share, convert) if (share > 0.15) convert else identity
of_hazards <- function(hr) (1 - 0.5^sqrt(hr)) / (1 - 0.5^sqrt(1 / hr))
clopper <- function(k, n) c(k / n, binom.test(k, n)$conf.int) * 100

# The Monte Carlo error of a pooled ratio by the jackknife over the imputations, and how many imputations it takes
# (White, Royston & Wood 2011, section 7; von Hippel 2020).
jackknife <- function(x) sqrt((length(x) - 1) * mean((x - mean(x))^2))
say_errors <- function(o, group, variable, level, q, u, complete, decimals = 2, univariable = FALSE) {
  m <- length(q)
  if (m < 2) return(invisible())
  left <- vapply(seq_len(m), function(i) {
    x <- pool(q[-i], u[-i], complete)
    df <- if (m > 2) x$df else Inf
    c(ratio(x$q, sqrt(x$t), df), p_of(x$q / sqrt(x$t), df))
  }, numeric(4))
  error <- apply(left, 1, jackknife)
  known <- function(x) if (m > 2 && is.finite(x)) x else NA
  put <- function(statistic, ...) say(o, group, variable, level, statistic, ...)
  put(if (univariable) "monte_carlo_error_univariable" else "monte_carlo_error", error[1], known(error[2]), known(error[3]))
  if (univariable) return(invisible())
  if (m > 2) put("monte_carlo_error_of_p", error[4])
  needed <- function(x) max(2, if (is.finite(x)) ceiling(round(x, 9)) else 2)
  fmi <- pool(q, u, complete)$fmi
  upper <- if (fmi > 0 && fmi < 1) plogis(qlogis(fmi) + Z * sqrt(2 / m)) else min(max(fmi, 0), 1)
  put("imputations_for_last_digit", needed(m * (error[1] / (0.5 * 10^-decimals))^2))
  put("imputations_by_white", needed(fmi / 0.01))
  put("imputations_by_von_hippel", needed(1 + (upper / 0.05)^2 / 2))
}

# ---- one survival curve from those of the imputations -----------------------------------------------------
pooled_step <- function(s, v) {
  # Marshall et al. 2009, on log(-log S).
  if (any(s == 1)) return(c(1, NA, NA))
  if (all(s == 0)) return(c(0, NA, NA))
  if (any(s == 0)) return(c(NA, NA, NA))
  q <- log(-log(s)); u <- v / (s * log(s))^2
  if (length(s) == 1 || var(q) == 0) {
    df <- Inf; total <- mean(u)
  } else { x <- pool(q, u); df <- x$df; total <- x$t }
  reach <- if (is.finite(df)) qt(0.975, df) else Z
  exp(-exp(mean(q) + c(0, 1, -1) * reach * sqrt(total)))
}
pooled_curve <- function(fits) {
  times <- sort(unique(unlist(lapply(fits, function(f) f$time))))
  times <- times[times <= min(vapply(fits, function(f) max(f$time), 0))]
  steps <- vapply(times, function(t) {
    at <- vapply(fits, function(f) {
      i <- findInterval(t, f$time)
      if (i == 0) c(1, 0) else c(f$surv[i], (if (isFALSE(f$logse)) f$std.err[i] else f$surv[i] * f$std.err[i])^2)
    }, c(0, 0))
    pooled_step(at[1, ], at[2, ])
  }, c(0, 0, 0))
  known <- !is.na(steps[1, ])
  list(time = times[known], line = steps[, known, drop = FALSE])
}
curve_at <- function(curve, t) {
  if (t > max(curve$time) * (1 + 1e-9)) return(if (min(curve$line[1, ]) == 0) c(0, NA, NA) else c(NA, NA, NA))
  i <- findInterval(t * (1 + 1e-9), curve$time)
  if (i == 0) c(1, NA, NA) else curve$line[, i]
}

# ---- comparisons of levels and of values ---------------------------------------------------------------------
# Table 1's tests as docs/methods.md declares them.
# `chosen`: the test that results.csv names of a table larger than two by two. Fisher's lays out all tables, but where these are too
# many (docs/methods.md) the program takes the chi-square; how many are too many is not asked here.
chosen_test <- function(outcome, group, variable) NULL
test_levels <- function(table, chosen = NULL, exact_p = NULL) {
  table <- table[rowSums(table) > 0, colSums(table) > 0, drop = FALSE]
  if (min(dim(table)) < 2) return(c(NA, NA))
  expected <- outer(rowSums(table), colSums(table)) / sum(table)
  sparse <- if (all(dim(table) == 2)) any(expected < 5) else any(expected < 1) || mean(expected < 5) > 0.2
  larger <- any(dim(table) > 2)
  if (!sparse || (larger && identical(chosen, "chi-square"))) { x <- chisq.test(table, correct = FALSE); return(c(x$statistic, x$p.value)) }
  if (larger && is.null(chosen) && sum(table) > if (min(dim(table)) > 2) 50 else 120) return("unknown")
  if (identical(chosen, "another")) return("unknown")  # of drawn tables
  if (!larger && identical(exact_p, "mid_p")) return(c(NA, mid_p(table)))
  p <- tryCatch(fisher.test(table, workspace = 2e7)$p.value, error = function(e) NULL)
  if (is.null(p)) "unknown" else c(NA, p)
}
# Tables with these margins that are less probable than the one seen, and half of those as probable (Lancaster 1961; Hirji 2006).
mid_p <- function(table) {
  x <- table[1, 1]; rows <- rowSums(table); column <- sum(table[, 1])
  p <- dhyper(max(0, column - rows[2]):min(rows[1], column), rows[1], rows[2], column)
  seen <- dhyper(x, rows[1], rows[2], column)
  equal <- abs(p - seen) <= 1e-7 * seen
  min(1, sum(p[p < seen & !equal]) + sum(p[equal]) / 2)
}
test_values <- function(samples) {
  samples <- lapply(samples, function(x) x[!blank(x)])
  normal <- all(vapply(samples, function(x) {
    length(x) >= 3 && length(x) <= 5000 && diff(range(x)) > 0 && shapiro.test(x)$p.value >= 0.05
  }, TRUE))
  samples <- samples[lengths(samples) > 0]
  everything <- unlist(samples)
  if (length(samples) < 2 || diff(range(everything)) == 0) return(c(NA, NA))
  group <- rep(seq_along(samples), lengths(samples))
  if (normal && length(samples) == 2) x <- t.test(samples[[1]], samples[[2]])
  else if (normal) x <- oneway.test(everything ~ factor(group))
  else if (length(samples) == 2) {
    x <- wilcox.test(samples[[1]], samples[[2]])
    z <- if (all(lengths(samples) < 50) && !anyDuplicated(everything)) NA else rank_sum_z(samples[[1]], samples[[2]])
    return(c(x$statistic, x$p.value, z))
  } else x <- kruskal.test(everything, group)
  c(x$statistic, x$p.value)
}
# The normal deviate of wilcox.test, which does not return it.
rank_sum_z <- function(x, y) {
  r <- rank(c(x, y)); n <- length(x); m <- length(y)
  w <- sum(r[seq_len(n)]) - n * (n + 1) / 2 - n * m / 2
  ties <- table(r)
  (w - sign(w) * 0.5) / sqrt(n * m / 12 * (n + m + 1 - sum(ties^3 - ties) / ((n + m) * (n + m - 1))))
}
# Which of several P is their median: the first that equals it; of an even number mostly none.
median_at <- function(p) match(TRUE, p == median(p))
smd_shares <- function(p, q, before_p = p, before_q = q) {
  variance <- (before_p * (1 - before_p) + before_q * (1 - before_q)) / 2
  ifelse(variance > 0, (p - q) / sqrt(variance), ifelse(abs(p - q) < 1e-12, 0, Inf * sign(p - q)))
}
# Yang & Dalton 2012.
distance <- function(p, q, before_p = p, before_q = q) {
  here <- which(before_p + before_q > 0)
  if (length(here) < 2) return(0)
  here <- here[-length(here)]
  one <- function(x) diag(x, length(x)) - outer(x, x)
  s <- (one(before_p[here]) + one(before_q[here])) / 2
  d <- (p - q)[here]
  if (rcond(s) < 1e-12) return(NaN)  # a level of one group alone: infinite, or not, by the direction
  sqrt(drop(t(d) %*% solve(s) %*% d))
}

kappa_of <- function(table) {  # Cohen 1960; variance by Fleiss, Cohen & Everitt 1969
  n <- sum(table); p <- table / n
  row <- rowSums(p); column <- colSums(p)
  po <- sum(diag(p)); pe <- sum(row * column)
  if (pe >= 1) return(c(po, NA, NA, NA))
  k <- (po - pe) / (1 - pe)
  if (po == 1) return(c(po, 1, NA, NA))
  if (max(row, column) > 1 - 1e-12) return(c(po, 0, NA, NA))  # one label for everybody: the variance is 0 whatever n is
  theta <- outer(column, row, `+`)
  a <- sum(diag(p) * (1 - (row + column) * (1 - k))^2)
  off <- p; diag(off) <- 0
  b <- (1 - k)^2 * sum(off * theta^2)
  se <- sqrt((a + b - (k - pe * (1 - k))^2) / (n * (1 - pe)^2))
  c(po, k, max(k - Z * se, -1), min(k + Z * se, 1))
}

# ---- logistic regression and its columns -----------------------------------------------------------------------
separated <- function(fit) any(abs(coef(fit)) > 12 & sqrt(diag(vcov(fit))) > 50, na.rm = TRUE) || !fit$converged
logit_of <- function(formula, data) glm(formula, binomial, data, control = glm.control(epsilon = 1e-14, maxit = 60))
columns_of <- function(d, v, everybody = d) {
  if (!is_levels(everybody, v)) return(list(`per unit` = as.numeric(d[[v]])))
  x <- words(d, v); levels <- levels_of(v, words(everybody, v))
  reference <- if (v %in% FIRST_IS_REFERENCE) levels[1] else levels[length(levels)]
  others <- setdiff(levels, reference)
  setNames(lapply(others, function(l) as.numeric(x == l)), paste(others, "vs", reference))
}
# The completed cohorts of an analysis, with those of its patients.
completed_of <- function(study, a) (study$every[[paste(a$population, a$by)]] %||% study$every[[paste(a$population, "pattern")]])$cohorts
score_columns <- function(d, names) do.call(cbind, unlist(lapply(names, function(v) columns_of(d, v)), recursive = FALSE))
# Firth's penalised likelihood: half the logarithm of the determinant of the information is added. `fixed`: coefficients held at a value.
firth_fit <- function(x, y, fixed = integer(), at = 0) {
  x <- cbind(1, x); k <- ncol(x)
  b <- numeric(k); b[fixed] <- at
  free <- setdiff(seq_len(k), fixed)
  height <- function(b) {
    eta <- drop(x %*% b); p <- plogis(eta)
    sum(ifelse(y == 1, plogis(eta, log.p = TRUE), plogis(-eta, log.p = TRUE))) + determinant(crossprod(x * sqrt(p * (1 - p))))$modulus[1] / 2
  }
  here <- height(b)
  for (i in 1:200) {
    p <- plogis(drop(x %*% b)); w <- x * sqrt(p * (1 - p))
    h <- rowSums((w %*% solve(crossprod(w))) * w)
    score <- drop(crossprod(x, y - p + h * (0.5 - p)))
    if (max(abs(score[free])) < 1e-11) break
    step <- numeric(k); step[free] <- solve(crossprod(w[, free, drop = FALSE]), score[free])
    step <- step / max(1, max(abs(step)) / 5)
    repeat {
      there <- height(b + step)
      if (there >= here - 1e-12 || max(abs(step)) < 1e-12) break
      step <- step / 2
    }
    b <- b + step; here <- there
    if (max(abs(step)) < 1e-12) break
  }
  list(b = b[-1], height = here)
}
# Odds ratios with the limits of the profile; of several data sets those of their mean (Heinze, Ploner & Beyea 2013).
firth_pooled <- function(designs) {
  whole <- lapply(designs, function(z) firth_fit(z$x, z$y))
  k <- ncol(designs[[1]]$x)
  one <- function(j) {
    share <- function(b) mean(mapply(function(z, fit) {
      gap <- max(2 * (fit$height - firth_fit(z$x, z$y, j + 1, b)$height), 0)
      pnorm(sign(b - fit$b[j]) * sqrt(gap))
    }, designs, whole))
    middle <- mean(vapply(whole, function(f) f$b[j], 0))
    limit <- function(p, way) {
      far <- middle + way
      while ((share(far) - p) * way < 0 && abs(far) < 60) far <- far + way
      uniroot(function(b) share(b) - p, sort(c(middle, far)), tol = 1e-11)$root
    }
    null <- share(0)
    c(middle, limit(0.025, -1), limit(0.975, 1), 2 * min(null, 1 - null))
  }
  list(ratios = vapply(seq_len(k), one, numeric(4)), joint = function(columns) median(mapply(function(z, fit)
    pchisq(2 * (fit$height - firth_fit(z$x, z$y, columns + 1, 0)$height), length(columns), lower.tail = FALSE), designs, whole)))
}

# ---- Firth's Cox regression: the partial likelihood penalised by Jeffreys' prior, with profile limits ------------
# Height at fixed coefficients: coxph's partial likelihood (Efron) plus half the logarithm of the determinant of its information.
firth_height <- function(y, x) function(b) {
  fit <- tryCatch(coxph(y ~ x, init = b, ties = "efron", control = coxph.control(iter.max = 0)), error = function(e) NULL)
  if (is.null(fit) || anyNA(fit$var)) return(list(height = -Inf))
  log_det <- determinant(fit$var)
  if (log_det$sign <= 0) return(list(height = -Inf))
  list(height = fit$loglik[1] - log_det$modulus[1] / 2, var = fit$var)
}
# The maximum, one coefficient held where asked: quasi-Newton steps (BFGS) that begin with the information, slopes by differences.
# Of the fourth order where the place is asked for; a height is known long before it, and takes those of the second order.
firth_top <- function(at, start, held = integer(), exact = TRUE) {
  free <- setdiff(seq_along(start), held)
  h <- 1e-3
  slope <- function(b) vapply(free, function(j) {
    f <- function(by) { moved <- b; moved[j] <- moved[j] + by; at(moved)$height }
    if (exact) (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h) else (f(h) - f(-h)) / (2 * h)
  }, 0)
  b <- start; here <- at(b)
  if (!length(free)) return(c(here, list(b = b)))
  g <- slope(b)
  inverse <- solve(solve(here$var)[free, free, drop = FALSE])
  for (round in 1:100) {
    step <- drop(inverse %*% g)
    step <- step * min(1, 5 / max(abs(step), 1e-300))
    repeat {
      moved <- b; moved[free] <- b[free] + step
      there <- at(moved)
      if (there$height >= here$height - 1e-12 * abs(here$height) || max(abs(step)) < 1e-10) break
      step <- step / 2
    }
    b <- moved; here <- there
    if (max(abs(step)) < if (exact) 1e-9 else 1e-5) break
    fell <- g - (g <- slope(b))
    curve <- sum(step * fell)
    if (curve > 0) {
      part <- diag(length(free)) - outer(step, fell) / curve
      inverse <- part %*% inverse %*% t(part) + outer(step, step) / curve
    }
  }
  c(here, list(b = b))
}
# Coefficients, standard errors; of the columns of `of` limits and P by profile penalised likelihood (Heinze & Schemper 2001).
firth_cox <- function(y, x, of = seq_len(ncol(x))) {
  sds <- apply(x, 2, function(v) sqrt(mean((v - mean(v))^2)))
  at <- firth_height(y, scale(x, TRUE, sds))
  top <- firth_top(at, numeric(ncol(x)))
  se <- sqrt(diag(top$var))
  last <- top$b  # profiles begin at the one before
  height_at <- function(j, v) { last[j] <- v; found <- firth_top(at, last, j, exact = FALSE); last <<- found$b; found$height }
  limit <- function(j, side) {
    last <<- top$b
    fall <- function(v) height_at(j, v) - top$height + qchisq(0.95, 1) / 2
    reach <- 2 * se[j]
    while (fall(top$b[j] + side * reach) > 0) reach <- reach * 1.5
    uniroot(fall, sort(c(top$b[j], top$b[j] + side * reach)), tol = 1e-9)$root
  }
  of_each <- function(one) vapply(of, one, 0)
  list(b = top$b / sds, se = se / sds, low = of_each(function(j) limit(j, -1)) / sds[of], high = of_each(function(j) limit(j, 1)) / sds[of],
       p = of_each(function(j) { last <<- top$b; pchisq(max(0, 2 * (top$height - height_at(j, 0))), 1, lower.tail = FALSE) }))
}
# The ratio of the first column with its limits, its logarithm, the error of it and P: by maximum likelihood, or by Firth's method
# where a column has no bound or there are too `few` events for the model, and study.yaml asks for it; NULL where there is none.
# Of larger samples the profiles would take minutes, and none are made.
first_ratio <- function(r, x, a, few = FALSE) {
  x <- as.matrix(x)
  by_firth <- identical(a$small_sample, "firth") && sum(r$event) * length(x) <= 3e6
  firth <- function() {
    f <- tryCatch(firth_cox(seen(r), x, 1), error = function(e) NULL)
    if (!is.null(f)) c(exp(c(f$b[1], f$low, f$high)), f$b[1], f$se[1], f$p)
  }
  if (few) return(if (by_firth) firth())
  if (!is.null(r$.centre)) {
    fit <- cox_of(r, x)
    if (is.null(fit)) return(NULL)
    b <- coef(fit)[[1]]; se <- sqrt(fit$var[1, 1])
    return(c(ratio(b, se, df_of(r)), b, se, p_of(b / se, df_of(r))))
  }
  fit <- tryCatch(coxph(seen(r) ~ x, control = coxph.control(eps = 1e-11, iter.max = 50)), error = function(e) NULL)
  if (is.null(fit)) return(NULL)
  se <- sqrt(diag(fit$var))
  if (any(se > 50)) if (by_firth) return(firth())
  if (is.na(coef(fit)[1]) || se[1] > 50) return(NULL)
  b <- coef(fit)[[1]]
  c(ratio(b, se[1]), b, se[1], p_of(b / se[1]))
}

# ---- ratios adjusted for the covariates of `adjust_for`, in the patients in whom all of them are known ------------
adjusting <- function(d, a) {
  reason <- lapply(unlist(a$adjust_for), function(v) left_out(list(keep(d, if (v %in% names(d)) !blank(d[[v]]) else FALSE)), v))
  names(reason) <- unlist(a$adjust_for)
  list(names = as.character(base::names(Filter(is.null, reason))), out = base::names(Filter(Negate(is.null), reason)))
}
# A covariate as columns: numbers as they are, the time to progression on a log scale, levels but the first.
at_progression_columns <- function(d, v) {
  if (!is_levels(d, v)) {
    x <- as.numeric(d[[v]])
    x <- if (v == "months_to_progression") log(pmax(x, 1 / MONTH)) else x
    return(if (length(unique(x)) > 1) list(x) else list())
  }
  x <- words(d, v)
  lapply(levels_of(v, x)[-1], function(l) as.numeric(x == l))
}
# The covariates of the patients `rows` of `d` as columns; none of what does not vary.
adjusting_columns <- function(d, rows, names, without = "") {
  d <- keep(d, rows)
  found <- unlist(lapply(setdiff(names, without), function(v) at_progression_columns(d, v)), recursive = FALSE)
  found <- Filter(function(x) length(unique(x)) > 1, found)
  do.call(cbind, c(list(matrix(0, nrow(d), 0)), found))
}
known_of <- function(d, rows, names) {
  known <- rep(TRUE, length(rows))
  for (v in names) known <- known & !blank(d[[v]][rows])
  known
}
say_adjusted <- function(o, pair, variable, level, r, own, covariates, a, sparse) {
  if (sparse || !ncol(covariates)) return(withheld(o, pair, variable, level, "hazard_ratio_adjusted"))
  x <- cbind(own, covariates)
  per_variable <- sum(r$event) / ncol(x)
  say(o, pair, variable, level, "events_per_parameter", per_variable)
  found <- first_ratio(r, x, a, per_variable < a$minimum_events_per_variable)
  if (is.null(found)) return(withheld(o, pair, variable, level, "hazard_ratio_adjusted"))
  say(o, pair, variable, level, "hazard_ratio_adjusted", found[1], found[2], found[3])
  say(o, pair, variable, level, "p_value_adjusted", found[6])
}

# ---- two groups compared from a landmark: the adjusted ratio, the crude one and its tests --------------------------
# `r`: group, months and event from the landmark, the patient's row in `d`, entry and centre where they are given.
compare_from_landmark <- function(outcome, d, r, two, a, variable, covariates) {
  x <- r[r$group %in% two, ]
  pair <- versus(two)
  if (length(a$adjust_for)) {
    k <- x[known_of(d, x$row, covariates), ]
    say_adjusted(outcome, pair, variable, "", k, as.numeric(k$group == two[1]), adjusting_columns(d, k$row, covariates), a,
                 sparse_in(k, two, a$minimum_events))
  }
  if (sparse_in(x, two, a$minimum_events)) return(withheld(outcome, pair, variable, "", "hazard_ratio"))
  x$first <- as.numeric(x$group == two[1])
  test <- log_rank(x)
  hr <- if (is.na(test[2])) NULL else first_ratio(x, x$first, a)
  if (is.null(hr)) return(withheld(outcome, pair, variable, "", "hazard_ratio"))
  say(outcome, pair, variable, "", "hazard_ratio", hr[1], hr[2], hr[3])
  z <- proportional(cox_of(without_frailty(x), x$first))
  if (!is.na(z)) say(outcome, pair, variable, "", "p_value_proportional_hazards", z)
  say(outcome, pair, variable, "", "p_value", test[2])
  if (!is.na(test[1])) say(outcome, pair, variable, "", "test_statistic", test[1])
  if (!is.na(z) && z < 0.05) change_of_hazards(x, two, outcome, a, variable)
}

# ---- matched sets ----------------------------------------------------------------------------------------
# Each set is written out, a control once in each of its sets, weighing 1 / controls of the set; where the groups compared
# were not matched with each other each patient is there once, with the sum of these weights.
sets_of <- function(study, i) {
  pairs <- study$pairs[study$pairs$imputation == i, ]
  treated <- unique(pairs$patient_id)
  data.frame(patient_id = c(treated, pairs$matched_with), set = c(treated, pairs$patient_id),
             weight = c(rep(1, length(treated)), 1 / as.numeric(table(pairs$patient_id)[pairs$patient_id])))
}
matched_cohorts <- function(study, a, in_sets) lapply(seq_along(study$completed), function(i) {
  sets <- sets_of(study, i)
  if (!in_sets) {
    sets <- aggregate(weight ~ patient_id, sets, sum)
    sets$set <- sets$patient_id
  }
  d <- study$completed[[i]]
  out <- d[match(sets$patient_id, d$patient_id), , drop = FALSE]
  out$.set <- sets$set; out$.weight <- sets$weight
  attr(out, "kinds") <- attr(d, "kinds")
  select(out, a)
})
plain_weights <- function(cohorts) all(vapply(cohorts, function(d) all(abs(d$.weight - 1) < 1e-9) && !anyDuplicated(d$patient_id), TRUE))
# Whether a group has in some imputation fewer matched patients than may be compared.
few_matched <- function(study) {
  made <- split(study$pairs, study$pairs$imputation)
  smaller <- vapply(made, function(p) min(length(unique(p$patient_id)), length(unique(p$matched_with))), 0)
  any(smaller < study$settings$matching$minimum_group)
}
missed_balance <- function(study) {
  if (is.null(OF_THE_STUDY$matching)) return(FALSE)
  answers <<- list()
  OF_THE_STUDY$matching(study)
  largest <- answers[grep("largest_smd$", names(answers))]
  length(largest) && isTRUE(largest[[1]][1] > study$settings$matching$balance_limit)
}
is_unsealed <- function(study) !is.null(study$settings$matching$unseal) # by a reason in study.yaml
# Balance that was missed seals every outcome after matching, unless there is a reason and enough were matched.
is_sealed <- function(study) missed_balance(study) && (!is_unsealed(study) || few_matched(study))
serves_again <- function(study) any(vapply(seq_along(study$completed), function(i) anyDuplicated(sets_of(study, i)$patient_id) > 0, TRUE))

smd_of <- function(d, v, first, weight) {
  share <- function(x, w) sum(w * x) / sum(w)
  if (!is_levels(d, v)) {
    x <- as.numeric(d[[v]])
    spread <- sqrt((var(x[first]) + var(x[!first])) / 2)
    return(setNames((share(x[first], weight[first]) - share(x[!first], weight[!first])) / spread, ""))
  }
  x <- words(d, v); levels <- levels_of(v, x); one <- rep(1, nrow(d))
  at <- function(inside, w) vapply(levels, function(l) share(x[inside] == l, w[inside]), 0)
  before <- list(at(first, one), at(!first, one)); after <- list(at(first, weight), at(!first, weight))
  setNames(c(smd_shares(after[[1]], after[[2]], before[[1]], before[[2]]), distance(after[[1]], after[[2]], before[[1]], before[[2]])),
           c(levels, ""))
}
few_known <- function(cohorts, a, v, groups) any(vapply(cohorts, function(d)
  is_small(vapply(groups, function(g) sum(words(d, a$by) %in% g & !blank(d[[v]])), 0)), TRUE))
smd_matched <- function(study, a) {
  once <- matched_cohorts(study, a, FALSE)
  groups <- levels_of(a$by, unlist(lapply(once, words, a$by)))
  if (length(groups) != 2) return(invisible())
  for (v in a$variables) {
    if (few_known(once, a, v, groups)) { withheld(a$by, versus(groups), v, "", "smd"); next }
    found <- lapply(seq_along(once), function(i) {
      d <- select(study$completed[[i]], a)
      d <- keep(d, !blank(d[[v]]) & words(d, a$by) %in% groups)
      weight <- once[[i]]$.weight[match(d$patient_id, once[[i]]$patient_id)]
      weight[is.na(weight)] <- 0
      first <- words(d, a$by) == groups[1]
      if (sum(weight[first]) == 0 || sum(weight[!first]) == 0 || (!is_levels(d, v) && min(sum(first), sum(!first)) < 2)) NULL
      else smd_of(d, v, first, weight)
    })
    if (any(vapply(found, is.null, TRUE)) || any(lengths(found) == 2)) next  # no patient there, or one level only
    names <- unique(unlist(lapply(found, base::names)))
    for (n in names) {
      x <- unlist(lapply(found, function(f) f[base::names(f) == n]))
      say(a$by, versus(groups), v, n, "smd", if (n == "") mean(abs(x)) else mean(x))
    }
  }
}


# ---- reading the folder --------------------------------------------------------------------------------------
folder <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file)) dirname(gsub("~+~", " ", file[1], fixed = TRUE)) else getwd()
})
is_here <- function(name) file.exists(file.path(folder, name))
# Cells are read as text; an apostrophe that keeps a spreadsheet from taking a text for a formula is taken off again.
read_cells <- function(name) {
  cells <- read.csv(file.path(folder, name), header = FALSE, colClasses = "character", na.strings = character(),
                    encoding = "UTF-8", check.names = FALSE, blank.lines.skip = FALSE, stringsAsFactors = FALSE)
  cells[] <- lapply(cells, function(x) {
    guarded <- grepl("^'+([=+@\t\r\n-]|\uff1d|\uff0b|\uff0d|\uff20)", x)
    x[guarded] <- substring(x[guarded], 2)
    x
  })
  names <- sub("^\ufeff", "", unlist(cells[1, ], use.names = FALSE))
  cells <- cells[-1, , drop = FALSE]
  cells[] <- lapply(cells, function(x) ifelse(x == "", NA, x))
  rownames(cells) <- NULL
  setNames(cells, names)
}
read_if_here <- function(name) if (is_here(name)) read_cells(name)
# Numbers as numbers; the others stay words.
typed <- function(d) {
  for (name in names(d)) if (isTRUE(KINDS[name] %in% c("integer", "number"))) d[[name]] <- as.numeric(d[[name]])
  attr(d, "kinds") <- as.list(KINDS)
  d
}
# The study: its patients and, of each completed population, the cohorts with the values that were drawn.
read_folder <- function(settings) {
  CENTRES <<- settings$centres %||% "none"
  everyone <- read_cells("patients.csv")
  more <- read_if_here("covariates.csv")
  if (!is.null(more)) everyone[names(more)] <- more[match(everyone$patient_id, more$patient_id), ]
  study <- list(
    settings = settings, patients = typed(everyone), definitions = read_if_here("definitions.csv"),
    responses = read_if_here("responses.csv"), management = read_if_here("management.csv"),
    readers = read_if_here("reader_responses.csv"), pairs = read_if_here("matched_pairs.csv"),
    scores = read_if_here("scores.csv"), weights = read_if_here("weights.csv"))
  if (!is.null(study$pairs)) study$pairs$imputation <- as.integer(study$pairs$imputation)
  drawn <- read_if_here("imputed.csv")
  for (one in settings$completed) study$every[[paste(one$population, one$by)]] <- completed_cohorts(study, one, drawn)
  study$completed <- study$every[["progressed pattern"]]$cohorts
  study
}
completed_cohorts <- function(study, one, drawn) {
  d <- population(study, one$population)
  d <- keep(d, !blank(words(d, one$by)))
  if (!is.null(drawn)) drawn <- drawn[drawn$population == one$population & drawn$grouping == one$by, ]
  cohorts <- lapply(seq_len(one$m), function(i) {
    for (name in unique(drawn$variable)) {
      x <- drawn[drawn$variable == name & drawn$imputation == i, ]
      d[match(x$patient_id, d$patient_id), name] <- if (is.numeric(d[[name]])) as.numeric(x$value) else x$value
    }
    d
  })
  list(population = one$population, by = one$by, imputed = unique(drawn$variable), cohorts = cohorts)
}

# ---- comparing with results.csv --------------------------------------------------------------------------------
results <- read_cells("results.csv")
KEYS <- c("analysis", "population", "outcome", "group", "variable", "level", "statistic")
key_of <- function(parts) do.call(paste, c(lapply(parts, function(x) ifelse(is.na(x), "", x)), sep = DIVIDER))
results$key <- key_of(results[KEYS])
for (part in c("value", "low", "high")) results[[part]] <- as.numeric(results[[part]])
compared <- list(); failures <- character()

is_near <- function(ours, theirs, statistic) {
  if (is.na(ours) || is.na(theirs)) return(is.na(ours) && (is.na(theirs) || is.infinite(theirs)))
  if (is.infinite(ours) || is.infinite(theirs)) return(ours == theirs)
  apart <- abs(ours - theirs)
  apart <= 1e-6 * max(abs(ours), abs(theirs)) || (!grepl("^p_value", statistic) && apart < 1e-10)
}
row_of <- function(key) {
  row <- match(key, results$key)
  at <- strsplit(paste0(key, DIVIDER), DIVIDER, fixed = TRUE)[[1]]
  if (!is.na(row) || at[6] != "*") return(row)  # a level of "*" is any
  here <- Reduce(`&`, lapply(KEYS[-6], function(k) results[[k]] %in% if (at[match(k, KEYS)] == "") NA else at[match(k, KEYS)]))
  which(here)[1]
}
chosen_test <- function(outcome, group, variable) {
  method <- results$method[match(paste(c(ASKED, outcome, group, variable, "", "p_value"), collapse = DIVIDER), results$key)]
  if (grepl("Monte Carlo", method)) return("another")
  both <- c(grepl("chi-square", method), grepl("Fisher", method))
  if (is.na(method) || !any(both)) NULL else if (all(both)) "as the rule says" else c("chi-square", "Fisher")[both]
}
# Every answer beside its row. A number of R's of which results.csv has no row is a difference, too.
compare <- function(found) for (key in names(found)) {
  theirs <- found[[key]]
  row <- row_of(key)
  if (is.nan(theirs[1]) || (is.na(row) && is.na(theirs[1]))) next
  statistic <- sub(paste0(".*", DIVIDER), "", key)
  for (i in 1:3) {
    part <- c("value", "low", "high")[i]
    ours <- if (is.na(row)) NA else results[[part]][row]
    if (is.nan(theirs[i]) || (i > 1 && is.na(ours) && is.na(theirs[i]))) next
    compared[[length(compared) + 1]] <<- list(
      row = row, key = gsub(DIVIDER, " | ", key, fixed = TRUE), part = part, ours = ours, r = theirs[i],
      same = !is.na(row) && is_near(ours, theirs[i], statistic))
  }
}
# The rows of an analysis after matching where nothing could be matched.
not_matched <- function(a) {
  if (a$kind == "survival") for (outcome in a$outcomes) withheld(outcome, "", "", "", "hazard_ratio")
  if (a$kind == "baseline") withheld(a$by, "", "", "", "n")
  answers
}
analyse <- function(study, a) {
  a$where <- as.list(a$where)
  ASKED <<- c(a$kind, a$patients)
  answers <<- list()
  tried <- tryCatch({
    if (is.null(ANALYSES[[a$kind]])) return(invisible())
    if (a$population == "matched") {
      if (is.null(study$pairs) || !nrow(study$pairs)) return(compare(not_matched(a)))
      d <- NULL
      if (a$kind == "survival" && study$sealed) {
        for (outcome in a$outcomes) withheld(outcome, "", "", "", "hazard_ratio")
        return(compare(answers))
      }
      if (a$kind == "at_progression" && study$sealed) {
        withheld("pps", "", "", "", "hazard_ratio_adjusted")
        return(compare(answers))
      }
    } else d <- select(population(study, a$population), a)
    ANALYSES[[a$kind]](study, d, a)
  }, error = function(e) failures <<- c(failures, paste0(a$kind, ", ", a$patients, ": ", conditionMessage(e))))
  compare(answers)
}
analyse_study <- function(study) for (name in names(OF_THE_STUDY)) {
  answers <<- list()
  if (name == "matching") tryCatch(check_matching(study), error = function(e) failures <<- c(failures, paste0("matching, files: ", conditionMessage(e))))
  tryCatch(OF_THE_STUDY[[name]](study), error = function(e) failures <<- c(failures, paste0(name, ": ", conditionMessage(e))))
  compare(answers)
}
finish <- function() {
  if (!length(compared)) {
    cat("Nothing was compared: results.csv holds no number of an analysis that is computed here.\n")
    quit(status = 0)
  }
  column <- function(name, kind) vapply(compared, function(x) x[[name]], kind)
  found <- data.frame(row = column("row", 0L), key = column("key", ""), part = column("part", ""), ours = column("ours", 0),
                      r = column("r", 0), same = column("same", TRUE), stringsAsFactors = FALSE)
  cat("Row of results.csv; its number; R's; the difference over the larger of them. NA: not given, by R either.\n\n")
  cat(sprintf("%6s  %-5s %24s %24s %9s %s  %s\n", ifelse(is.na(found$row), "none", found$row + 1), found$part,
              format(found$ours, digits = 16, width = 1), format(found$r, digits = 16, width = 1),
              format(abs(found$ours - found$r) / pmax(abs(found$ours), abs(found$r), 1e-300), digits = 2, scientific = TRUE),
              ifelse(found$same, "same  ", "DIFFER"), found$key), sep = "")
  has_value <- !is.na(results$value)
  done <- seq_len(nrow(results)) %in% found$row[found$part == "value"]
  wrong <- seq_len(nrow(results)) %in% found$row[!found$same]
  count <- function(of) tapply(of, factor(results$analysis, unique(results$analysis)), sum)
  table <- cbind(rows = count(rep(TRUE, nrow(results))), with_value = count(has_value), recomputed = count(has_value & done),
                 equal = count(has_value & done & !wrong), withheld = count(!has_value), withheld_by_R_too = count(!has_value & done & !wrong))
  table <- rbind(table, "all" = colSums(table))
  cat("\nBy analysis: rows of results.csv; with a value; of these recomputed, and equal to 1e-6 of their size; without a value, and of\nthese by R neither.\n\n")
  print(table)
  left <- which(!done)
  if (length(left)) {
    reason <- ifelse(is.na(results$value[left]), paste("withheld:", results$warning[left]), paste("method:", results$method[left]))
    counts <- as.data.frame(table(paste(results$analysis[left], results$statistic[left], reason, sep = " | ")))
    cat("\nNot recomputed here (analysis | statistic | method, or why it was withheld):\n")
    cat(sprintf("%6d  %s\n", counts$Freq, counts$Var1), sep = "")
  }
  if (length(checks)) cat("\nThe files that it was computed from (asked, and true):\n")
  for (what in names(checks)) cat(sprintf("%7d %7d  %s%s\n", checks[[what]][1], checks[[what]][2], what,
                                          if (checks[[what]][1] > checks[[what]][2]) "  NOT TRUE" else ""))
  for (one in failures) cat("R could not: ", one, "\n", sep = "")
  bad <- sum(!found$same)
  untrue <- sum(vapply(checks, function(x) x[1] > x[2], TRUE))
  cat(sprintf("\n%d of %d rows with a value recomputed (%.1f %%), %d of %d without.\n", sum(has_value & done), sum(has_value),
              100 * sum(has_value & done) / max(sum(has_value), 1), sum(!has_value & done), sum(!has_value)))
  cat(sprintf("%d numbers compared with %s, survival %s: %d equal to 1e-6 of their size, %d not.\n", nrow(found),
              R.version.string, packageVersion("survival"), nrow(found) - bad, bad))
  quit(status = if (bad || untrue || length(failures)) 1 else 0)
}

# ---- survival after matching: curves, tests and ratios robust to the sets, pooled over imputations ----------
FEW_SETS <- 30  # a variance robust to so few sets takes Student's t with one less (docs/methods.md)
survival_matched <- function(study, a) {
  clustered <- a$by == "pattern" && length(a$where) == 0
  cohorts <- matched_cohorts(study, a, clustered)
  m <- length(cohorts)
  plain <- plain_weights(cohorts)
  again <- serves_again(study)
  once <- function(r) r[!duplicated(r$patient), ]
  for (outcome in a$outcomes) {
    rows <- lapply(cohorts, function(d) {
      r <- rows_of(d, a$by, outcome)
      r$w <- d$.weight[r$row]; r$set <- d$.set[r$row]; r$patient <- d$patient_id[r$row]
      r$.centre <- centre_of(d)[r$row]
      r
    })
    groups <- groups_of(a, unlist(lapply(rows, function(r) r$group)))
    for (g in groups) {
      parts <- Filter(nrow, lapply(rows, function(r) r[r$group == g, ]))
      size <- vapply(parts, function(r) nrow(once(r)), 0)
      say(outcome, g, "", "", "n", mean(size), if (length(size) > 1) min(size) else NA, if (length(size) > 1) max(size) else NA)
      say(outcome, g, "", "", "events", mean(vapply(parts, function(r) sum(once(r)$event), 0)))
      if (!plain) {
        say(outcome, g, "", "", "weighted_n", mean(vapply(parts, function(r) sum(r$w), 0)), NaN, NaN)
        say(outcome, g, "", "", "weighted_events", mean(vapply(parts, function(r) sum(r$w * r$event), 0)), NaN, NaN)
      }
      if (length(parts) < m || is_small(size)) { describe_not(outcome, g); next }
      fits <- lapply(parts, function(r) if (plain) km(r) else km(r, cluster = if (again) r$patient else r$set))
      if (length(fits) == 1) {
        md <- median_of(fits[[1]])
        at <- function(t) survival_at(fits[[1]], t)
      } else {
        curve <- pooled_curve(fits)
        if (!length(curve$time)) next
        md <- apply(curve$line, 1, function(line) crossing(curve$time, line))
        at <- function(t) curve_at(curve, t)
      }
      say(outcome, g, "", "", "median", md[1], md[2], md[3])
      for (t in c(6, 12, 24)) {
        s <- at(t)
        say(outcome, g, "", "", paste0("survival_", t, "_months"), s[1], s[2], s[3])
      }
    }
    if (length(groups) != 2) next
    pair <- versus(groups)
    rows <- lapply(rows, function(r) { r$first <- as.numeric(r$group == groups[1]); r })
    tests <- vapply(rows, function(r) {
      if (plain) return(log_rank(r))
      if (is_alike(r)) return(log_rank_of_centres(r, r$w))
      r$.centre <- NULL  # the weighted test is not made within centres
      fit <- cox_of(r, r$first, r$w, r$set, ties = "breslow")
      if (is.null(fit) || sum(r$event) == 0 || !is.finite(fit$rscore)) c(NA, NA)
      else c(fit$rscore, pchisq(fit$rscore, 1, lower.tail = FALSE))
    }, c(0, 0))
    people <- lapply(rows, once)
    sparse <- any(vapply(people, sparse_in, TRUE, groups, a$minimum_events))
    if (sparse || anyNA(tests)) withheld(outcome, pair, "log_rank", "", "p_value")
    else {
      say(outcome, pair, "log_rank", "", "p_value", median(tests[2, ]))
      at <- median_at(tests[2, ])
      if (!is.na(at)) say(outcome, pair, "log_rank", "", "test_statistic", tests[1, at])
    }
    if (sparse || anyNA(tests)) {
      withheld(outcome, pair, "", "", "hazard_ratio")
      withheld(outcome, pair, "cox", "", "p_value")
      next
    }
    fit_by <- function(r, labels) cox_of(r, r$first, r$w, labels)
    fits <- lapply(rows, function(r) if (plain && !clustered) cox_of(r, r$first) else fit_by(r, r$set))
    if (any(vapply(fits, is.null, TRUE))) { withheld(outcome, pair, "", "", "hazard_ratio"); next }
    complete <- if (m > 1) max(min(vapply(people, function(r) sum(r$event), 0)) - 1, 1) else Inf
    n_sets <- min(vapply(rows, function(r) length(unique(r$set)), 0))
    of_sets <- if (clustered && n_sets <= FEW_SETS) min(complete, max(n_sets - 1, 1)) else complete
    alike <- is_alike(rows[[1]])
    if (alike) complete <- min(vapply(rows, df_of, 0, complete))
    else if (clustered && n_sets <= FEW_SETS) complete <- min(complete, max(n_sets - 1, 1))
    x <- pool(vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
    se <- sqrt(x$t)
    hr <- ratio(x$q, se, x$df)
    say(outcome, pair, "", "", "hazard_ratio", hr[1], hr[2], hr[3])
    say(outcome, pair, "", "", "log_hazard_ratio", x$q)
    say(outcome, pair, "", "", "log_hazard_ratio_se", se)
    say(outcome, pair, "cox", "", "p_value", p_of(x$q / se, x$df))
    if (m > 1) {
      say(outcome, pair, "", "", "variance_share_between_imputations", x$lambda)
      say_errors(outcome, pair, "", "", vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
    }
    if (clustered && again && !alike) {
      # Austin & Cafri 2020: by sets, plus by patients, less by both.
      v <- vapply(rows, function(r) {
        one <- function(labels) { k <- length(unique(labels)); k / (k - 1) * fit_by(r, labels)$var[1] }
        one(r$set) + one(r$patient) - one(paste(r$set, r$patient))
      }, 0)
      if (!all(v > 0)) withheld(outcome, pair, "", "", "hazard_ratio_two_way")
      else {
        y <- pool(vapply(fits, coef, 0), v, complete)
        two <- ratio(y$q, sqrt(y$t), y$df)
        say(outcome, pair, "", "", "hazard_ratio_two_way", two[1], two[2], two[3])
        say(outcome, pair, "two_way", "", "p_value", p_of(y$q / sqrt(y$t), y$df))
      }
    }
    if (clustered && all(is.finite(hr))) {
      share <- mean(vapply(people, function(r) mean(r$event), 0))
      e <- e_value(hr[1], hr[2], hr[3], common(share, of_hazards))
      say(outcome, pair, "", "", "e_value", e[1], e[2])
    }
    z <- vapply(rows, function(r) {
      fit <- cox_of(without_frailty(r), r$first, if (!plain) r$w)
      if (is.null(fit)) NA else proportional(fit)
    }, 0)
    if (any(!is.na(z))) say(outcome, pair, "", "", "p_value_proportional_hazards", median(z, na.rm = TRUE))
    if (any(!is.na(z)) && median(z, na.rm = TRUE) < 0.05)
      change_of_hazards_in_sets(lapply(rows, function(r) { r$.centre <- NULL; r }), groups, outcome, a, of_sets, plain, clustered)
  }
}


# ---- patients: how many were screened, treated and progressed, and why the others left -----------------------------
OF_THE_STUDY$flow <- function(study) {
  p <- study$patients$population
  ASKED <<- c("flow", "screened"); say("", "", "", "", "n", if (is.null(study$settings$rules)) NaN else length(p) + study$settings$n_set_aside)
  ASKED <<- c("flow", "treated"); say("", "", "", "", "n", sum(p %in% c("treated", "progressed")))
  ASKED <<- c("flow", "progressed"); say("", "", "", "", "n", sum(p == "progressed"))
  for (g in LEVELS$pattern) say("pattern", g, "", "", "n", sum(study$patients$pattern[p == "progressed"] %in% g))
  here <- rep(TRUE, length(p))
  for (step in study$settings$rules) {
    ASKED <<- c("flow", step$after)
    columns <- unlist(step$columns)
    leaves <- study$patients$excluded_because %in% step$rule
    n <- if (length(columns)) sum(leaves) else switch(step$rule, quarantined = study$settings$n_set_aside,
                                                      pattern = sum(p == "progressed" & blank(study$patients$pattern)), sum(leaves))
    unknown <- if (!length(columns)) 0 else if (!all(columns %in% names(study$patients))) NaN
               else if (length(columns) == 1) sum(here & blank(study$patients[[columns]])) else NaN
    # A step of every study at which no patient left is no row of results.csv.
    if (n > 0 || length(columns)) {
      say("", "", step$rule, "", "n_excluded", n)
      say("", "", step$rule, "", "n_not_assessable", unknown)
      died <- study$patients$os_event[leaves & step$after == "treated"]
      died <- died[!blank(died)]
      if (length(died)) say("os", "", step$rule, "", "events", sum(died))
    }
    here <- here & !leaves
  }
}

# ---- follow-up: reverse Kaplan-Meier --------------------------------------------------------------------------
ANALYSES$follow_up <- function(study, d, a) {
  r <- data.frame(months = d$os_days / MONTH, event = 1 - d$os_event)
  r$entry <- entry_of(d, "os")
  r <- r[complete.cases(r), ]
  if (!nrow(r)) return(invisible())
  m <- median_of(km(r))
  say("", "", "", "", "median", m[1], m[2], m[3])
}

# ---- Table 1 -------------------------------------------------------------------------------------------------
ANALYSES$baseline <- function(study, d, a) {
  if (a$population == "matched") return(baseline_matched(study, a))
  if (nrow(d)) baseline_one(d, a) else withheld(a$by, "", "", "", "n")
}
# `everybody`: all imputations together; their groups and levels are those of the table, whoever is in one of them.
baseline_one <- function(d, a, smd = TRUE, everybody = d) {
  d <- keep(d, !blank(words(d, a$by))); everybody <- keep(everybody, !blank(words(everybody, a$by)))
  of <- words(d, a$by)
  groups <- levels_of(a$by, words(everybody, a$by))
  inside <- c(list(rep(TRUE, nrow(d))), lapply(groups, function(g) of == g))
  labels <- c("all", beside_all(a, groups))
  pair <- versus(beside_all(a, groups))
  for (i in seq_along(labels)) say(a$by, labels[i], "", "", "n", sum(inside[[i]]))
  for (v in a$variables) {
    if (is_levels(everybody, v)) {
      x <- words(d, v)
      levels <- levels_of(v, words(everybody, v))
      for (i in seq_along(labels)) {
        known <- x[inside[[i]] & !blank(x)]
        for (l in levels) {
          say(a$by, labels[i], v, l, "n", sum(known == l))
          say(a$by, labels[i], v, l, "percent", if (length(known)) 100 * mean(known == l) else NA)
        }
        say(a$by, labels[i], v, "", "missing", sum(blank(x[inside[[i]]])))
      }
      if (length(groups) < 2) next
      table <- matrix(vapply(groups, function(g) vapply(levels, function(l) sum(of == g & x == l, na.rm = TRUE), 0),
                             numeric(length(levels))), ncol = length(groups))
      if (is_small(colSums(table))) { withheld(a$by, pair, v, "", "p_value"); if (smd && length(groups) == 2) withheld(a$by, pair, v, "", "smd"); next }
      test <- test_levels(table, chosen_test(a$by, pair, v), a$exact_p)
      if (!identical(test, "unknown")) {
        say(a$by, pair, v, "", "p_value", test[2])
        if (!is.na(test[1])) say(a$by, pair, v, "", "test_statistic", test[1])
      }
      if (length(groups) != 2 || !smd) next
      if (length(levels) < 2 || any(colSums(table) == 0)) { withheld(a$by, pair, v, "", "smd"); next }
      share <- sweep(table, 2, colSums(table), "/")
      say(a$by, pair, v, "", "smd", distance(share[, 1], share[, 2]))
      s <- smd_shares(share[, 1], share[, 2])
      for (i in seq_along(levels)) say(a$by, pair, v, levels[i], "smd", s[i])
    } else {
      x <- as.numeric(d[[v]])
      for (i in seq_along(labels)) {
        y <- x[inside[[i]] & !blank(x)]
        q <- if (length(y)) quantile(y, c(0.5, 0.25, 0.75), names = FALSE) else c(NA, NA, NA)
        say(a$by, labels[i], v, "", "median", q[1], q[2], q[3])
        say(a$by, labels[i], v, "", "mean", if (length(y)) mean(y) else NA)
        say(a$by, labels[i], v, "", "sd", if (length(y) > 1) sd(y) else NA)
        say(a$by, labels[i], v, "", "missing", sum(blank(x[inside[[i]]])))
      }
      if (length(groups) < 2) next
      samples <- lapply(groups, function(g) x[of == g])
      known <- vapply(samples, function(s) sum(!blank(s)), 0)
      if (is_small(known)) { withheld(a$by, pair, v, "", "p_value"); if (smd && length(groups) == 2) withheld(a$by, pair, v, "", "smd"); next }
      test <- test_values(samples)
      say(a$by, pair, v, "", "p_value", test[2])
      if (!is.na(test[1])) say(a$by, pair, v, "", "test_statistic", test[1])
      if (length(test) > 2 && !is.na(test[3])) say(a$by, pair, v, "", "z_statistic", test[3])
      if (length(groups) != 2 || !smd) next
      y <- lapply(samples, function(s) s[!blank(s)])
      if (min(lengths(y)) < 2) { withheld(a$by, pair, v, "", "smd"); next }
      s <- (mean(y[[1]]) - mean(y[[2]])) / sqrt((var(y[[1]]) + var(y[[2]])) / 2)
      say(a$by, pair, v, "", "smd", abs(s))
    }
  }
}
together <- function(cohorts, names) {
  out <- do.call(rbind, lapply(cohorts, function(d) d[unique(unlist(names))]))
  attr(out, "kinds") <- attr(cohorts[[1]], "kinds")
  out
}
baseline_matched <- function(study, a) {
  cohorts <- matched_cohorts(study, a, FALSE)
  if (!plain_weights(cohorts)) return(weighted_baseline(study, a))
  smd_matched(study, a)
  everybody <- together(cohorts, c(a$by, a$variables))
  each <- lapply(cohorts, function(d) {
    kept <- answers
    answers <<- list()
    baseline_one(d, a, smd = FALSE, everybody = everybody)
    out <- answers
    answers <<- kept
    out
  })
  for (name in unique(unlist(lapply(each, names)))) {
    part <- strsplit(name, DIVIDER, fixed = TRUE)[[1]]
    found <- lapply(each, function(x) x[[name]])
    found <- found[!vapply(found, is.null, TRUE)]
    numbers <- do.call(rbind, found)
    average <- function(x) if (all(is.na(x))) NA else mean(x, na.rm = TRUE)
    if (length(each) == 1) answers[[name]] <<- found[[1]]
    else if (part[7] %in% c("test_statistic", "z_statistic")) {
      p_of_all <- lapply(each, function(x) x[[paste(c(part[1:6], "p_value"), collapse = DIVIDER)]])
      if (any(vapply(p_of_all, is.null, TRUE))) next
      p_of_all <- vapply(p_of_all, function(x) x[1], 0)
      at <- if (anyNA(p_of_all)) NA else median_at(p_of_all)
      if (!is.na(at) && !is.null(each[[at]][[name]])) answers[[name]] <<- each[[at]][[name]]
    }
    else if (part[7] == "p_value" && length(found) < length(each)) next  # not asked of one of them
    else if (part[7] == "p_value") answers[[name]] <<- c(median(numbers[, 1]), NA, NA)  # none where an imputation has none
    else answers[[name]] <<- apply(numbers, 2, average)
  }
}

# Where patients count by their weights: counts of patients, weighted shares and descriptions, Wald's test by the sets.
weighted_baseline <- function(study, a) {
  once <- matched_cohorts(study, a, FALSE); in_sets <- matched_cohorts(study, a, TRUE)
  smd_matched(study, a)
  groups <- levels_of(a$by, unlist(lapply(once, words, a$by)))
  average <- function(x) if (all(is.na(x))) NA else mean(x, na.rm = TRUE)
  over <- function(f) average(vapply(once, f, 0))
  member <- function(d, g) !blank(words(d, a$by)) & (g == "all" | words(d, a$by) == g)
  for (g in c("all", groups)) {
    say(a$by, g, "", "", "n", over(function(d) sum(member(d, g))))
    say(a$by, g, "", "", "weighted_n", over(function(d) sum(d$.weight[member(d, g)])))
    for (v in a$variables) {
      say(a$by, g, v, "", "missing", over(function(d) sum(member(d, g) & blank(d[[v]]))))
      known <- function(d) member(d, g) & !blank(d[[v]])
      if (all(vapply(once, is_levels, TRUE, v))) for (l in unique(unlist(lapply(once, function(d) words(d, v)[known(d)])))) {
        at <- function(d) sum(d$.weight[known(d)] * (words(d, v)[known(d)] == l))
        say(a$by, g, v, l, "n", over(at))
        say(a$by, g, v, l, "percent", over(function(d) if (any(known(d))) 100 * at(d) / sum(d$.weight[known(d)]) else NA))
      } else if (!any(vapply(once, is_levels, TRUE, v))) {
        say(a$by, g, v, "", "mean", over(function(d) if (any(known(d))) weighted.mean(as.numeric(d[[v]])[known(d)], d$.weight[known(d)]) else NA))
        say(a$by, g, v, "", "sd", over(function(d) {
          x <- as.numeric(d[[v]])[known(d)]; w <- d$.weight[known(d)]
          if (length(x) < 2) NA else sqrt(sum(w * (x - weighted.mean(x, w))^2) * sum(w) / (sum(w)^2 - sum(w^2)))
        }))
      }
    }
  }
  if (length(groups) != 2) return(invisible())
  for (v in a$variables) {
    tests <- vapply(in_sets, function(d) {
      d <- keep(d, member(d, "all") & !blank(d[[v]]))
      of <- as.numeric(words(d, a$by) == groups[1])
      if (few_known(once, a, v, groups)) return(c(NA, NA))
      if (length(unique(of)) < 2) return(c(NA, NA))
      y <- if (is_levels(d, v)) { l <- levels_of(v, words(d, v)); if (length(l) < 2) return(c(NA, NA)); sapply(l[-length(l)], function(x) as.numeric(words(d, v) == x)) }
           else matrix(as.numeric(d[[v]]))
      # The influence of each row on the difference of the weighted means, summed over the sets.
      one <- function(g) { w <- d$.weight * (of == g); mu <- colSums(w * y) / sum(w); list(mu, w * sweep(y, 2, mu) / sum(w)) }
      s1 <- one(1); s0 <- one(0)
      by_set <- rowsum(s1[[2]] - s0[[2]], d$.set)
      k <- nrow(by_set); q <- qr(by_set)$rank
      if (q < ncol(y) || k <= q) return(c(NaN, NaN))
      w <- drop(t(s1[[1]] - s0[[1]]) %*% solve(k / (k - 1) * crossprod(by_set)) %*% (s1[[1]] - s0[[1]]))
      f <- w * (k - q) / ((k - 1) * q)
      c(f, pf(f, q, k - q, lower.tail = FALSE))
    }, c(0, 0))
    p <- tests[2, ]
    if (any(is.nan(p))) next
    say(a$by, versus(groups), v, "", "p_value", median(p))
    at <- if (anyNA(p)) NA else median_at(p)
    if (!is.na(at)) say(a$by, versus(groups), v, "", "test_statistic", tests[1, at])
  }
}
# Differences over the SD before matching, of patients in whom the variable is known.

# ---- the values that were drawn: how many, and the levels they gave ------------------------------------------------
OF_THE_STUDY$imputation <- function(study) for (found in study$every) {
  first <- found$cohorts[[1]]
  observed <- keep(study$patients, match(first$patient_id, study$patients$patient_id))
  of <- words(first, found$by)
  groups <- unique(of)
  ASKED <<- c("imputation", found$population)
  usual <- found$population == "progressed" && found$by == "pattern"
  if (length(found$imputed)) say(if (usual) "" else found$by, "", "", "", "percent_incomplete",
    100 * mean(!complete.cases(observed[, found$imputed, drop = FALSE])))
  for (v in found$imputed) {
    say(if (usual) "" else found$by, "", v, "", "percent_missing", 100 * mean(blank(observed[[v]])))
    if (!is_levels(observed, v)) next
    for (l in unique(unlist(lapply(found$cohorts, words, v)))) for (i in 0:length(groups)) {
      g <- c("all", beside_all(found, groups))[i + 1]
      inside <- if (i) of == groups[i] else rep(TRUE, length(of))
      n <- vapply(found$cohorts, function(d) sum(words(d, v)[inside] == l), 0)
      say(found$by, g, v, l, "n", mean(n), min(n), max(n))
      n <- 100 * n / sum(inside)
      say(found$by, g, v, l, "percent", mean(n), min(n), max(n))
    }
  }
  if (length(found$imputed)) say(if (usual) "" else found$by, "", "", "", "imputations", length(found$cohorts))
}

# ---- matching: how many, and the balance of the groups before and after ---------------------------------------------
OF_THE_STUDY$matching <- function(study) {
  if (is.null(study$pairs) || !nrow(study$pairs)) {
    ASKED <<- c("matching", "matched")
    return(withheld("", "", "", "", "n_pairs"))
  }
  settings <- study$settings$matching
  found <- list()
  for (i in seq_along(study$completed)) {
    d <- study$completed[[i]]
    weight <- setNames(numeric(nrow(d)), d$patient_id)
    for (j in seq_len(nrow(s <- sets_of(study, i)))) weight[s$patient_id[j]] <- weight[s$patient_id[j]] + s$weight[j]
    first <- words(d, "pattern") == levels_of("pattern", words(d, "pattern"))[1]
    share <- function(x, w) sum(w * x) / sum(w)
    for (v in usable(d, unlist(settings$covariates))) {
      if (is_levels(d, v)) {
        x <- words(d, v); levels <- levels_of(v, x)
        at <- function(inside, w) vapply(levels, function(l) share(x[inside] == l, w[inside]), 0)
        one <- rep(1, nrow(d))
        before <- list(at(first, one), at(!first, one)); after <- list(at(first, weight), at(!first, weight))
        found[[length(found) + 1]] <- data.frame(variable = v, level = c(levels, ""), ratio_before = NA, ratio_after = NA,
          kind = c(rep("level", length(levels)), "factor"),
          before = c(smd_shares(before[[1]], before[[2]]), distance(before[[1]], before[[2]])),
          after = c(smd_shares(after[[1]], after[[2]], before[[1]], before[[2]]),
                    distance(after[[1]], after[[2]], before[[1]], before[[2]])))
      } else {
        x <- as.numeric(d[[v]])
        spread <- sqrt((var(x[first]) + var(x[!first])) / 2)
        spread_of <- function(inside, w) {  # unbiased for whole weights of 1
          y <- x[inside]; w <- w[inside]; t <- sum(w)
          sum(w * (y - sum(w * y) / t)^2) * t / (t^2 - sum(w^2))
        }
        found[[length(found) + 1]] <- data.frame(variable = v, level = "", kind = "number",
          ratio_before = var(x[first]) / var(x[!first]), ratio_after = spread_of(first, weight) / spread_of(!first, weight),
          before = (mean(x[first]) - mean(x[!first])) / spread,
          after = (share(x[first], weight[first]) - share(x[!first], weight[!first])) / spread)
      }
    }
  }
  all <- do.call(rbind, found)
  all$key <- paste(all$variable, all$level, sep = DIVIDER)
  for (key in unique(all$key)) {
    x <- all[all$key == key, ]
    ASKED <<- c("balance", "matched")
    put <- function(...) say("", "", x$variable[1], x$level[1], ...)
    put("smd_before", mean(x$before))
    put("smd_after", mean(x$after))
    put("smd_after_absolute", mean(abs(x$after)))
    put("smd_after_maximum", max(abs(x$after)))
    if (all(is.finite(c(x$ratio_before, x$ratio_after))) && all(c(x$ratio_before, x$ratio_after) > 0)) {
      put("variance_ratio_before", mean(x$ratio_before))
      put("variance_ratio_after", mean(x$ratio_after))
    }
  }
  # The gate judges levels and numbers, not at the distance of a whole factor.
  part <- all[all$kind != "factor", ]
  ASKED <<- c("matching", "matched")
  groups <- levels_of("pattern", words(study$completed[[1]], "pattern"))
  pair <- versus(groups)
  # The level is the one of the largest difference: of a variable with two levels either.
  say("", pair, "", "*", "largest_smd", max(tapply(abs(part$after), part$key, mean)))
  say("", pair, "", "*", "maximum_smd", max(abs(part$after)))
  m <- seq_along(study$completed)
  if (length(m) > 1 && all(is.finite(part$after))) {  # rows of an imputation come one after the other
    sizes <- do.call(cbind, tapply(abs(part$after), part$key, identity, simplify = FALSE))
    left <- vapply(m, function(i) max(colMeans(sizes[-i, , drop = FALSE])), 0)
    say("", pair, "", "", "monte_carlo_error_of_smd", sqrt((length(m) - 1) / length(m) * sum((left - mean(left))^2)))
  }
  spread <- function(statistic, group, n) say("", group, "", "", statistic, mean(n), min(n), max(n))
  n_pairs <- vapply(m, function(i) sum(study$pairs$imputation == i), 0)
  spread("n_pairs", pair, n_pairs)
  n_sets <- vapply(m, function(i) length(unique(study$pairs$patient_id[study$pairs$imputation == i])), 0)
  if (any(n_sets != n_pairs)) spread("n_sets", pair, n_sets)
  for (g in groups) {
    every <- study$completed[[1]]$patient_id[words(study$completed[[1]], "pattern") == g]
    n <- vapply(m, function(i) length(intersect(sets_of(study, i)$patient_id, every)), 0)
    spread("n", g, n)
    spread("n_unmatched", g, length(every) - n)
  }
  for (v in unlist(settings$covariates)) if (!is.null(left_out(study$completed, v))) withheld("", "", v, "", "covariate")
  per_variable <- min(vapply(study$completed, function(d) {
    fit <- score_fit(d, unlist(settings$covariates))
    min(table(words(d, "pattern"))) / max(sum(!is.na(coef(fit)[-1])), 1)
  }, 0))
  say("", pair, "", "", "events_per_parameter", per_variable)
}
# The propensity score: logistic regression of the first group on the covariates that were recorded and vary.
score_fit <- function(d, covariates) {
  first <- as.numeric(words(d, "pattern") == levels_of("pattern", words(d, "pattern"))[1])
  suppressWarnings(logit_of(first ~ x, list(first = first, x = score_columns(d, usable(d, covariates)))))
}

# ---- the files of the matching: scores by glm, and the pairs that follow from them ---------------------------------------
check_matching <- function(study) {
  m <- study$settings$matching
  if (is.null(study$scores) || is.null(study$pairs)) return(invisible())
  logits <- lapply(seq_along(study$completed), function(i) {
    of <- study$scores[study$scores$imputation == i, ]
    as.numeric(of$logit[match(study$completed[[i]]$patient_id, of$patient_id)])
  })
  mean_of_all <- Reduce(`+`, logits) / length(logits)
  for (i in seq_along(study$completed)) {
    d <- study$completed[[i]]
    fit <- score_fit(d, m$covariates)
    theirs <- unname(predict(fit))
    bounded <- !separated(fit)
    if (bounded) check("scores.csv: logit of the score by glm", abs(logits[[i]] - theirs) <= 1e-6 * pmax(abs(theirs), 1))
    given <- study$pairs[study$pairs$imputation == i, ]
    given <- given[order(as.numeric(given$order)), ]
    logit <- round(if (m$imputations == "across") mean_of_all else logits[[i]], 12)
    place <- if (identical(m$caliper_scale, "probability") && !is.null(m$caliper)) round(plogis(logit), 12) else logit
    first <- words(d, "pattern") == levels_of("pattern", words(d, "pattern"))[1]
    caliper <- m$caliper %||% Inf
    if (m$caliper_scale == "sd_logit") caliper <- caliper * sqrt((var(logit[first]) + var(logit[!first])) / 2)
    stratum <- if (length(m$exact)) do.call(paste, c(lapply(m$exact, words, d = d), sep = DIVIDER)) else rep("", nrow(d))
    a <- match(given$patient_id, d$patient_id); b <- match(given$matched_with, d$patient_id)
    apart <- abs(place[a] - place[b])
    check("matched_pairs.csv: a patient of the first group with one of the second", first[a] & !first[b])
    check("matched_pairs.csv: distances", abs(apart - as.numeric(given$distance)) <= 1e-9)
    check("matched_pairs.csv: within the caliper, and of the same exact values", apart <= caliper + 1e-12 & stratum[a] == stratum[b])
    if (!m$replace) check("matched_pairs.csv: no control in two sets", !duplicated(b))
    check("matched_pairs.csv: no more controls than the ratio", table(a) <= m$ratio)
    if (m$method == "optimal" && !m$replace) {
      best <- best_alignment(place, first, stratum, caliper, m$ratio)
      check("matched_pairs.csv: as many pairs as can be, with the least total distance (dynamic programming)",
            length(a) == best[1] && abs(sum(apart) - best[2]) <= 1e-8 * max(1, best[2]))
    } else if (m$order != "random" || m$replace) {
      again <- nearest_again(place, first, stratum, caliper, m)
      check("matched_pairs.csv: the nearest control in the order asked for", length(a) == nrow(again) && setequal(paste(a, b), paste(again[, 1], again[, 2])))
    }
    at <- study$weights[study$weights$analysis == "matching" & study$weights$imputation == i, ]
    sets <- sets_of(study, i)
    total <- tapply(sets$weight, sets$patient_id, sum)
    check("weights.csv: of the matched sets", abs(as.numeric(at$weight) - total[at$patient_id]) <= 1e-9)
  }
}
# Each patient of the first group in turn takes the nearest control that is free, of two as near the lower (as MatchIt).
nearest_again <- function(place, first, stratum, caliper, m) {
  own <- which(first); free <- !first
  turn <- switch(m$order, descending = own[order(-place[own])], ascending = own[order(place[own])], own)
  if (m$replace && m$order == "random") turn <- own
  pairs <- matrix(0L, 0, 2)
  seekers <- turn
  for (round in seq_len(m$ratio)) {
    paired <- integer()
    for (t in seekers) {
      taken <- pairs[pairs[, 1] == t, 2]
      at <- setdiff(which(if (m$replace) !first & stratum == stratum[t] else free & stratum == stratum[t]), taken)
      apart <- abs(place[at] - place[t])
      if (!length(at) || min(apart) > caliper) next
      near <- at[apart <= min(apart) + 1e-9 & apart <= caliper]
      # In the row of all patients by score, then as they were given: the last before this patient, else the first after.
      before <- near[place[near] < place[t] | (place[near] == place[t] & near < t)]
      chosen <- if (length(before)) before[order(place[before], before)][length(before)] else near[order(place[near], near)][1]
      free[chosen] <- FALSE
      pairs <- rbind(pairs, c(t, chosen)); paired <- c(paired, t)
    }
    seekers <- paired
  }
  pairs
}
# The most pairs within the caliper and their least total distance: on a line some best matching crosses no pairs.
best_alignment <- function(place, first, stratum, caliper, ratio) {
  total <- c(0, 0)
  for (s in unique(stratum)) {
    x <- rep(sort(place[first & stratum == s]), each = ratio); y <- sort(place[!first & stratum == s])
    if (!length(x) || !length(y)) next
    much <- 1 + sum(diff(range(c(x, y)))) * min(length(x), length(y))  # a pair more is worth any distance
    before <- numeric(length(y) + 1)
    for (one in x) {
      apart <- abs(y - one)
      pair <- before[-length(before)] + ifelse(apart <= caliper + 1e-12, apart - much, Inf)
      before <- cummin(pmin(before, c(0, pair)))
    }
    least <- before[length(before)]
    n <- ceiling(-least / much - 1e-9)
    total <- total + c(n, least + n * much)
  }
  total
}

# ---- predictors: logistic regression, pooled over imputations ---------------------------------------------------
ANALYSES$predictors <- function(study, d, a) {
  study$completed <- completed_of(study, a)
  if (is.null(study$completed)) return(invisible())
  cohorts <- lapply(study$completed, select, a)
  of <- lapply(cohorts, words, a$by)
  groups <- levels_of(a$by, unlist(of))
  if (!is.null(a$reference) && length(groups) == 2) groups <- rev(groups_of(a, unlist(of)))
  o <- a$by
  if (length(groups) != 2) return(withheld(o, "", "", "", "odds_ratio_multivariable"))
  pair <- versus(rev(groups))
  if (min(vapply(of, function(x) min(table(factor(x, groups))), 0)) < max(a$minimum_events, MINIMUM_GROUP)) return(withheld(o, pair, "", "", "odds_ratio_multivariable"))
  variables <- Filter(function(v) all(vapply(cohorts, function(d) length(usable(d, v)) == 1, TRUE)), a$variables)
  for (v in setdiff(a$variables, variables)) for (kind in c("univariable", "multivariable"))
    withheld(o, pair, v, "", paste0("odds_ratio_", kind))
  variables <- setdiff(variables, a$by)
  everybody <- together(cohorts, variables)
  say_firth <- function(designs, kind) {
    z <- designs[[1]]
    found <- tryCatch(firth_pooled(designs), error = function(e) NULL)
    if (is.null(found)) return(invisible())
    for (i in seq_along(z$variable)) {
      or <- exp(found$ratios[1:3, i])
      say(o, pair, z$variable[i], z$level[i], paste0("odds_ratio_", kind), or[1], or[2], or[3])
      say(o, pair, z$variable[i], z$level[i], paste0("p_value_", kind), found$ratios[4, i])
      if (kind == "multivariable") {
        e <- e_value(or[1], or[2], or[3], common(mean(z$y), sqrt))
        say(o, pair, z$variable[i], z$level[i], "e_value", e[1], e[2])
      }
    }
    for (v in unique(z$variable)) {
      at <- which(z$variable == v)
      if (length(at) > 1) say(o, pair, v, "", paste0("p_value_", kind), found$joint(at))
    }
  }
  fit_all <- function(names, kind) {
    designs <- lapply(cohorts, function(d) {
      columns <- lapply(names, function(v) columns_of(d, v, everybody))
      list(x = do.call(cbind, lapply(columns, function(c) do.call(cbind, c))), y = as.numeric(words(d, a$by) == groups[2]),
           variable = rep(names, lengths(columns)), level = unlist(lapply(columns, base::names)))
    })
    if (all(vapply(designs[-1], function(z) identical(z, designs[[1]]), TRUE))) designs <- designs[1]
    per_variable <- min(vapply(designs, function(z) min(sum(z$y), sum(1 - z$y)), 0)) / ncol(designs[[1]]$x)
    if (kind == "multivariable") {
      for (v in names) say(o, pair, v, "", "events_per_parameter", per_variable)
      if (per_variable < a$minimum_events_per_variable) {
        for (i in seq_along(designs[[1]]$variable))
          withheld(o, pair, designs[[1]]$variable[i], designs[[1]]$level[i], "odds_ratio_multivariable")
        return(invisible())
      }
    }
    fits <- lapply(designs, function(z) logit_of(y ~ x, list(y = z$y, x = z$x)))
    z <- designs[[1]]
    if (anyNA(unlist(lapply(fits, coef)))) return(invisible())
    if (any(vapply(fits, separated, TRUE))) return(if (ncol(z$x) <= 8) say_firth(designs, kind))  # profiles of more take minutes
    k <- length(z$variable); n <- length(z$y)
    df <- if (length(fits) > 1) n - k - 1 else Inf
    estimates <- do.call(rbind, lapply(fits, function(f) coef(f)[-1]))
    covariances <- lapply(fits, function(f) vcov(f)[-1, -1, drop = FALSE])
    for (i in seq_len(k)) {
      x <- pool(estimates[, i], vapply(covariances, function(v) v[i, i], 0), df)
      or <- ratio(x$q, sqrt(x$t), x$df)
      say_errors(o, pair, z$variable[i], z$level[i], estimates[, i], vapply(covariances, function(v) v[i, i], 0), df,
                 univariable = kind == "univariable")
      say(o, pair, z$variable[i], z$level[i], paste0("odds_ratio_", kind), or[1], or[2], or[3])
      say(o, pair, z$variable[i], z$level[i], paste0("p_value_", kind), p_of(x$q / sqrt(x$t), x$df))
      if (kind == "multivariable" && all(is.finite(or))) {
        e <- e_value(or[1], or[2], or[3], common(mean(z$y), sqrt))
        say(o, pair, z$variable[i], z$level[i], "e_value", e[1], e[2])
      }
    }
    for (v in unique(z$variable)) {
      at <- which(z$variable == v)
      if (length(at) > 1) say(o, pair, v, "", paste0("p_value_", kind),
        d1(estimates[, at, drop = FALSE], lapply(covariances, function(c) c[at, at]), df))
    }
  }
  for (v in variables) fit_all(v, "univariable")
  if (length(variables)) fit_all(variables, "multivariable")
}

# ---- sites: organs that progressed, and whether they were involved before ---------------------------------------
ANALYSES$sites <- function(study, d, a) {
  if (!nrow(d)) return(withheld(a$by, "", "", "", "n"))
  organs <- function(x) lapply(strsplit(ifelse(blank(x), "", x), ";"), function(o) unique(o[o != ""]))
  d <- keep(d, !blank(words(d, a$by)) & !blank(d$progressing_organs) & d$progressing_organs != "")
  of <- words(d, a$by)
  at <- organs(d$progressing_organs); before <- organs(d$all_baseline_organs)
  holds <- function(lists, organ) vapply(lists, function(o) organ %in% o, TRUE)
  groups <- levels_of(a$by, of)
  for (i in 0:length(groups)) {
    g <- c("all", beside_all(a, groups))[i + 1]
    inside <- if (i) of == groups[i] else rep(TRUE, nrow(d))
    say(a$by, g, "", "", "n", sum(inside))
    if (!any(inside)) next
    share <- function(variable, level, k, n) {
      say(a$by, g, variable, level, "n", k)
      say(a$by, g, variable, level, "percent", if (n) 100 * k / n else NA)
    }
    for (o in unique(unlist(at))) share("organ", o, sum(holds(at, o) & inside), sum(inside))
    for (s in c("same", "new", "both")) share("site_relation", s, sum(d$site_relation[inside] == s, na.rm = TRUE), sum(inside))
    for (o in unique(unlist(before))) {
      there <- holds(before, o) & inside
      share("same_organ", o, sum(there & holds(at, o)), sum(there))
    }
  }
}

# ---- timing: when progression came, month by month and by window -------------------------------------------------
ANALYSES$timing <- function(study, d, a) {
  if (!nrow(d)) return(withheld(a$by, "", "", "", "n"))
  r <- data.frame(group = words(d, a$by), months = d$progressed_day / MONTH)
  r <- r[complete.cases(r), ]
  groups <- levels_of(a$by, r$group)
  named <- setNames(beside_all(a, groups), groups)
  say(a$by, "all", "", "", "n", nrow(r))
  for (g in groups) say(a$by, named[[g]], "", "", "n", sum(r$group == g))
  edges <- list(month = c(seq(0, 12, if (nrow(r) >= 200) 1 else 2), 18, 24, Inf), window = c(0, 8, 10, Inf))
  for (v in names(edges)) {
    e <- edges[[v]]
    names <- ifelse(is.finite(e[-1]), paste0(e[-length(e)], "-", e[-1]), paste0(">", e[-length(e)]))
    class <- cut(r$months, e, names, include.lowest = TRUE)
    for (l in names) {
      n <- sum(class == l)
      say(a$by, "all", v, l, "n", n)
      for (g in groups) {
        k <- sum(class == l & r$group == g)
        say(a$by, named[[g]], v, l, "n", k)
        if (n) { x <- clopper(k, n); say(a$by, named[[g]], v, l, "percent", x[1], x[2], x[3]) }
      }
    }
    if (length(groups) < 2) next
    pair <- versus(groups)
    table <- table(class, factor(r$group, groups))
    if (is_small(colSums(table))) { withheld(a$by, pair, v, "", "p_value"); next }
    if (v == "month") {
      total <- rowSums(table); here <- total > 0
      if (length(groups) != 2 || sum(here) < 2) { withheld(a$by, pair, v, "", "p_value"); next }
      x <- prop.trend.test(table[here, 1], total[here], which(here))
      test <- c(x$statistic, x$p.value)
    } else test <- test_levels(unclass(table), chosen_test(a$by, pair, v))
    if (identical(test, "unknown")) next
    say(a$by, pair, v, "", "p_value", test[2])
    if (!is.na(test[1])) say(a$by, pair, v, "", "test_statistic", test[1])
  }
}

# ---- survival by group: curves, log-rank, Cox; where hazards are not proportional, means and ratios by period ----
ANALYSES$survival <- function(study, d, a) {
  if (a$population == "matched") survival_matched(study, a) else survival_by_group(d, a)
}
survival_by_group <- function(d, a) for (outcome in a$outcomes) {
  r <- rows_of(d, a$by, outcome)
  r$.centre <- centre_of(d)[r$row]
  groups <- groups_of(a, r$group)
  if (!length(groups)) for (statistic in c("median", "hazard_ratio")) withheld(outcome, "", "", "", statistic)
  for (g in groups) {
    x <- r[r$group == g, ]
    describe(outcome, g, x)
    m <- if (is_small(nrow(x))) c(NA, NA, NA) else median_of(km(x, "plain"))
    say(outcome, g, "", "", "median_plain", m[1], m[2], m[3])
  }
  if (length(groups) < 2) next
  pair <- versus(groups)
  sparse <- sparse_in(r, groups, a$minimum_events)
  test <- if (sparse) c(NA, NA) else log_rank(r)
  say(outcome, pair, "log_rank", "", "p_value", test[2])
  if (!is.na(test[1])) say(outcome, pair, "log_rank", "", "test_statistic", test[1])
  if (length(groups) > 2) next
  r$first <- as.numeric(r$group == groups[1])
  x <- if (!sparse && !is.na(test[2])) first_ratio(r, r$first, a)
  if (is.null(x)) {
    withheld(outcome, pair, "", "", "hazard_ratio")
    withheld(outcome, pair, "cox", "", "p_value")
  } else {
    say(outcome, pair, "", "", "hazard_ratio", x[1], x[2], x[3])
    say(outcome, pair, "", "", "log_hazard_ratio", x[4])
    say(outcome, pair, "", "", "log_hazard_ratio_se", x[5])
    say(outcome, pair, "cox", "", "p_value", x[6])
    z <- proportional(cox_of(without_frailty(r), r$first))
    if (!is.na(z)) say(outcome, pair, "", "", "p_value_proportional_hazards", z)
    if (!is.na(z) && z < 0.05) change_of_hazards(r, groups, outcome, a)
  }
  survival_adjusted(d, groups, outcome, a)
}
survival_adjusted <- function(d, groups, outcome, a) {
  if (a$by != "pattern" || outcome != "pps") return(invisible())
  pair <- versus(groups)
  d <- keep(d, as.numeric(d$pfs_days) > 0)
  fit_ecog <- "ecog" %in% names(d) && length(unique(d$ecog[!blank(d$ecog)])) > 1
  y <- data.frame(group = words(d, a$by), months = as.numeric(d$pps_days) / MONTH, event = as.numeric(d$pps_event),
                  late = log(as.numeric(d$pfs_days)), ecog = if (fit_ecog) as.numeric(d$ecog) else rep(0, nrow(d)))
  y$entry <- entry_of(d, "pps")
  y$.centre <- centre_of(d)
  y <- y[complete.cases(y), ]
  if (!nrow(y) || sparse_in(y, groups, a$minimum_events)) return(invisible())
  per_variable <- sum(y$event) / (2 + fit_ecog)
  say(outcome, pair, "", "", "events_per_parameter", per_variable)
  x <- cbind(first = as.numeric(y$group == groups[1]), late = y$late)
  few <- per_variable < a$minimum_events_per_variable
  hr <- first_ratio(y, if (fit_ecog) cbind(x, ecog = y$ecog) else x, a, few)
  if (is.null(hr)) return(if (few) withheld(outcome, pair, "", "", "hazard_ratio_adjusted") else invisible())
  say(outcome, pair, "", "", "hazard_ratio_adjusted", hr[1], hr[2], hr[3])
  say(outcome, pair, "", "", "p_value_adjusted", hr[6])
}

# ---- landmarks: survival from each of them, by what had happened until then ------------------------------------
ANALYSES$landmark <- function(study, d, a) {
  if (all(d$progressed == "yes")) return(withheld("os", "", "", "", "n"))
  covariates <- adjusting(d, a)
  for (v in covariates$out) withheld("os", "", v, "", "covariate")
  for (at in c(3, 6, 9)) {
    day <- at * MONTH
    before <- !blank(d$progressed_day) & d$progressed_day <= day
    # Time and entry are made months and counted from the landmark alike: who enters on the day of a death is not at risk of it.
    r <- data.frame(group = ifelse(before, d$pattern, STATES[1]), months = d$os_days / MONTH - at, event = d$os_event, row = seq_len(nrow(d)))
    entry <- entry_of(d, "os")
    if (!is.null(entry)) r$entry <- pmax(entry - at, 0)
    r$.centre <- centre_of(d)
    r <- r[which(d$os_days > day), ]
    r <- r[complete.cases(r), ]
    variable <- paste0("landmark_", at, "_months")
    for (s in STATES) {
      x <- r[r$group == s, ]
      if (nrow(x)) describe("os", s, x, variable, c())
      else say("os", s, variable, "", "n", 0)
    }
    for (p in PAIRS) compare_from_landmark("os", d, r, STATES[p], a, variable, covariates$names)
  }
}

# ---- hazards of death after each pattern, from the day it is known: Cox on start and stop -----------------------
ANALYSES$time_dependent <- function(study, d, a) {
  if (all(d$progressed == "yes")) return(withheld("os", "", "", "", "hazard_ratio"))
  patients <- d
  d <- d[which(d$os_days > 0), ]
  entry <- entry_of(d, "os")
  if (!is.null(entry)) {
    d <- d[!blank(entry), ]; entry <- entry[!blank(entry)]
  }
  over <- !blank(d$progressed_day) & d$progressed_day <= d$os_days
  leaves <- over & blank(d$pattern)  # from the progression on the state is not known
  change <- pmax(d$progressed_day, 0)
  end <- ifelse(leaves, change, ifelse(over, pmax(d$os_days, d$progressed_day + 0.5), d$os_days))
  event <- ifelse(leaves, 0, d$os_event)
  changed <- over & !leaves
  r <- rbind(
    data.frame(id = d$patient_id, state = STATES[1], start = 0, stop = ifelse(changed, change, end), event = ifelse(changed, 0, event)),
    data.frame(id = d$patient_id, state = d$pattern, start = change, stop = end, event = event)[changed, ])
  r$.centre <- centre_of(d)[match(r$id, d$patient_id)]
  r$start <- r$start / MONTH; r$stop <- r$stop / MONTH
  if (!is.null(entry)) r$start <- pmax(r$start, entry[match(r$id, d$patient_id)])
  r <- r[r$stop > r$start, ]
  events <- vapply(STATES, function(s) sum(r$event[r$state == s]), 0)
  for (s in STATES) say("os", s, "", "", "events", events[[s]])
  r$entry <- r$start; r$months <- r$stop
  if (length(a$adjust_for)) {
    covariates <- adjusting(patients, a)
    for (v in covariates$out) withheld("os", "", v, "", "covariate")
    row <- match(r$id, patients$patient_id)
    known <- known_of(patients, row, covariates$names)
    k <- r[known, ]
    x <- adjusting_columns(patients, row[known], covariates$names)
    for (p in PAIRS) {
      sizes <- vapply(STATES[p], function(s) length(unique(k$id[k$state == s])), 0)
      few <- is_small(sizes) || min(vapply(STATES[p], function(s) sum(k$event[k$state == s]), 0)) < a$minimum_events
      first <- c(STATES[p[1]], setdiff(STATES, STATES[p]))
      say_adjusted("os", versus(STATES[p]), "", "", k, 1 * outer(k$state, first, `==`), x, a, few)
    }
  }
  constant <- NA; tested <- FALSE
  for (p in PAIRS) {
    pair <- versus(STATES[p])
    sizes <- vapply(STATES[p], function(s) length(unique(r$id[r$state == s])), 0)
    if (is_small(sizes) || min(events[p]) < a$minimum_events) { withheld("os", pair, "", "", "hazard_ratio"); next }
    # Against the second state of the pair: where the third has no event, its ratio alone has no bound.
    others <- setdiff(STATES, STATES[p[2]])
    x <- 1 * outer(r$state, others, `==`)
    if (identical(a$small_sample, "firth")) {
      first <- c(STATES[p[1]], setdiff(others, STATES[p[1]]))
      found <- first_ratio(r, 1 * outer(r$state, first, `==`), a)
      if (!is.null(found) && is.null(cox_of(r, x))) {
        say("os", pair, "", "", "hazard_ratio", found[1], found[2], found[3])
        say("os", pair, "", "", "p_value", found[6])
        next
      }
    }
    control <- coxph.control(eps = 1e-11, iter.max = 50)
    fit <- tryCatch(if (is_shared(r)) cox_of_frailty(r, x)
                    else if (is_alike(r)) coxph(seen(r) ~ x, cluster = r$.centre, control = control)
                    else if (is_within(r)) coxph(seen(r) ~ x + strata(r$.centre), control = control)
                    else coxph(seen(r) ~ x, control = control), error = function(e) NULL)
    if (is_alike(r) && centres_in(r) <= ncol(x)) fit <- NULL
    at <- match(STATES[p[1]], others)
    if (is.null(fit) || is.na(coef(fit)[at]) || fit$var[at, at] > 50^2) { withheld("os", pair, "", "", "hazard_ratio"); next }
    b <- coef(fit)[at]; se <- sqrt(fit$var[at, at])
    hr <- ratio(b, se, df_of(r))
    say("os", pair, "", "", "hazard_ratio", hr[1], hr[2], hr[3])
    say("os", pair, "", "", "p_value", p_of(b / se, df_of(r)))
    if (!tested) constant <- proportional(cox_of(without_frailty(r), x))
    tested <- TRUE
  }
  if (!tested || is.na(constant)) return(invisible())
  say("os", "", "", "", "p_value_proportional_hazards", constant)
  if (constant < 0.05) change_of_states(r, a, STATES, PAIRS)
}

# ---- competing risks: incidence of each first event; Gray's test, Fine-Gray and cause-specific Cox ------------------
CAUSES <- c("oligoprogression", "systemic", "death_without_progression", "progression_without_pattern")
ANALYSES$competing_risks <- function(study, d, a) {
  if (all(d$progressed == "yes")) return(withheld("", "", "", "", "incidence"))
  d$entry <- entry_of(d, "pfs")
  d <- keep(d, !blank(d$pfs_days) & !blank(d$entry %||% d$pfs_days))
  d$months <- d$pfs_days / MONTH
  d$cause <- ifelse(d$pfs_event == 0, 0, ifelse(blank(d$progressed_day), 3, ifelse(d$pattern %in% CAUSES[1], 1, ifelse(d$pattern %in% CAUSES[2], 2, 4))))
  say("", "", "", "", "n", nrow(d))
  here <- intersect(1:4, sort(unique(d$cause)))
  state <- factor(d$cause, c(0, 1, 2, 3, 4)); id <- seq_len(nrow(d))
  fit <- if (is.null(d$entry)) survfit(Surv(d$months, state) ~ 1, conf.type = "log-log")
         else survfit(Surv(d$entry, d$months, state) ~ 1, id = id, conf.type = "log-log")
  for (code in 1:4) {
    if (code == 4 && !(4 %in% here)) next
    say("", CAUSES[code], "", "", "events", sum(d$cause == code))
    column <- which(fit$states == as.character(code))
    for (t in c(3, 6, 9, 12, 18, 24)) {
      statistic <- paste0("incidence_", t, "_months")
      if (is_small(nrow(d)) || t > max(d$months)) { withheld("", CAUSES[code], "", "", statistic); next }
      step <- findInterval(t, fit$time)
      x <- if (step == 0 || !length(column)) c(0, NA, NA) else
        c(fit$pstate[step, column], fit$lower[step, column], fit$upper[step, column])
      if (x[1] == 0) x <- c(0, NA, NA)
      say("", CAUSES[code], "", "", statistic, x[1], x[2], x[3])
    }
  }
  for (v in a$variables) compare_causes(d, v, a)
}
compare_causes <- function(d, v, a) {
  x <- if (v %in% names(d)) keep(d, !blank(words(d, v))) else keep(d, FALSE)
  if (!nrow(x) || !is_levels(d, v) || !is.null(left_out(list(x), v))) {
    for (code in 1:2) withheld(CAUSES[code], "", v, "", "p_value_gray")
    return(invisible())
  }
  of <- words(x, v)
  levels <- levels_of(v, of)
  pair <- versus(levels); two <- length(levels) == 2
  x$first <- as.numeric(of == levels[1])
  for (code in 1:2) {
    put <- function(...) say(CAUSES[code], "", v, ...)
    n <- vapply(levels, function(l) c(sum(of == l), sum(of == l & x$cause == code)), c(0, 0))
    if (is_small(n[1, ]) || min(n[2, ]) < a$minimum_events) {
      put("", "p_value_gray", NA)
      if (two) put(pair, "subdistribution_hazard_ratio", NA)
      next
    }
    # Gray and Fine-Gray keep patients who had another event at risk, of whom it cannot be known when they entered.
    late <- !is.null(x$entry)
    gray <- if (late) c(NA, NA) else gray_test(x$months, x$cause, match(of, levels), code)
    put("", "p_value_gray", gray[2])
    if (!is.na(gray[1])) put("", "test_statistic", gray[1])
    if (!two) next
    cs <- cox_of(x, x$first, event = as.numeric(x$cause == code))
    if (!is.null(cs)) {
      hr <- ratio(coef(cs), sqrt(cs$var[1]))
      put(pair, "cause_specific_hazard_ratio", hr[1], hr[2], hr[3])
      put(pair, "p_value_cause_specific", p_of(coef(cs) / sqrt(cs$var[1])))
    }
    if (late) { put(pair, "subdistribution_hazard_ratio", NA); next }
    fg <- fine_gray(x$months, x$cause, x$first, code)
    if (is.null(fg)) next
    hr <- ratio(fg[1], fg[2])
    put(pair, "subdistribution_hazard_ratio", hr[1], hr[2], hr[3])
    put(pair, "p_value_subdistribution", p_of(fg[1] / fg[2]))
  }
}
# Fine & Gray 1999 with one column: who had another event stays at risk, by the share not censored since; ties by Breslow, and the
# variance with the estimation of the censoring (as crr of the package cmprsk). Log ratio and its standard error.
fine_gray <- function(months, cause, z, code) {
  at <- sort(unique(months[cause == code]))
  d <- tabulate(match(months[cause == code], at), length(at))
  times <- sort(unique(months))
  at_risk <- vapply(times, function(t) sum(months >= t), 0)
  censored <- vapply(times, function(t) sum(cause == 0 & months == t), 0)
  left <- cumprod(1 - censored / at_risk)
  before <- function(t) c(1, left)[findInterval(t, times, left.open = TRUE) + 1]
  other <- !(cause %in% c(0, code))
  w <- outer(months, at, `>=`) + other * outer(months, at, `<`) * outer(1 / before(months), before(at))
  event <- cause == code
  b <- 0
  for (i in 1:50) {
    risk <- exp(b * z)
    s0 <- colSums(w * risk); e <- colSums(w * risk * z) / s0
    information <- sum(d * e * (1 - e))
    step <- (sum(z[event]) - sum(d * e)) / information
    if (!is.finite(step) || abs(b) > 30) return(NULL)
    b <- b + step
    if (abs(step) < 1e-12) break
  }
  gone <- w * risk * outer(z, e, `-`) * rep(d / s0, each = length(z))  # of each patient at each time
  eta <- ifelse(event, z - e[match(months, at)], 0) - rowSums(gone)
  # How the score moves with the censoring at each time: by those who had another event before it, over the times from it on.
  q <- vapply(times, function(u) sum(gone[other & months < u, at >= u]), 0)
  psi <- ifelse(cause == 0, (q / at_risk)[match(months, times)], 0) -
    vapply(months, function(t) sum((q / at_risk * censored / at_risk)[times <= t]), 0)
  c(b, sqrt(sum((eta + psi)^2)) / information)
}
# Gray 1988 (rho = 0), with the corrections for tied events of his own program; chi-square and P.
gray_test <- function(months, cause, group, code) {
  k <- max(group)
  survival <- rep(1, k); incidence <- rep(0, k); all_before <- 0
  score <- rep(0, k); v3 <- rep(0, k)
  v <- v2 <- c_ <- matrix(0, k, k)
  for (t in sort(unique(months[cause != 0]))) {
    y <- tabulate(group[months >= t], k)
    d1 <- tabulate(group[months == t & cause == code], k)
    d2 <- tabulate(group[months == t & !(cause %in% c(0, code))], k)
    on <- y > 0
    h <- ifelse(on, y / survival, 0); total <- sum(h); n1 <- sum(d1)
    after <- ifelse(on, survival * (y - d1 - d2) / pmax(y, 1), survival)
    all_after <- all_before + n1 / total
    share <- ifelse(on, h * (1 - incidence), 0)
    score <- score + ifelse(on, d1 - n1 * share / sum(share), 0)
    a <- diag(h, k) - outer(h, h) / total
    c_ <- c_ + a * n1 / (total * (1 - all_before))
    for (j in which(on)) {
      if (n1 > 0) {
        t4 <- if (after[j] > 0) 1 - (1 - all_after) / after[j] else 1
        tied <- if (n1 > 1) 1 - (n1 - 1) / (total * survival[j] - 1) else 1
        t3 <- tied * survival[j] * n1 / (total * y[j])
        t1 <- a[, j] - t4 * c_[, j]
        v <- v + outer(t1, t1) * t3; v2[, j] <- v2[, j] + t1 * t4 * t3; v3[j] <- v3[j] + t4^2 * t3
      }
      if (d2[j] > 0 && after[j] > 0) {
        t4 <- (1 - all_after) / after[j]
        tied <- if (d2[j] > 1) 1 - (d2[j] - 1) / (y[j] - 1) else 1
        t3 <- tied * survival[j]^2 * d2[j] / y[j]^2
        t1 <- t4 * c_[, j]
        v <- v + outer(t1, t1) * t3; v2[, j] <- v2[, j] - t1 * t4 * t3; v3[j] <- v3[j] + t4^2 * t3
      }
    }
    incidence <- ifelse(on, incidence + survival * d1 / pmax(y, 1), incidence)
    survival <- after; all_before <- all_after
  }
  v <- v + c_ %*% t(v2) + v2 %*% t(c_) + c_ %*% (v3 * t(c_))
  free <- seq_len(k - 1)
  chi <- tryCatch(drop(t(score[free]) %*% solve(v[free, free], score[free])), error = function(e) NA)
  c(chi, pchisq(chi, k - 1, lower.tail = FALSE))
}

# ---- subgroups: patients, events and the hazard ratio at each level; the interaction -----------------------------
ANALYSES$subgroups <- function(study, d, a) for (outcome in a$outcomes) {
  covariates <- adjusting(d, a)
  for (v in covariates$out) withheld(outcome, "", v, "", "covariate")
  for (v in a$variables) subgroups_of(d, a, outcome, v, covariates$names)
}
subgroups_of <- function(d, a, outcome, v, covariates) {
  if (!(v %in% names(d)) || !is_levels(d, v)) return(withheld(outcome, "", v, "", "p_value_interaction"))
  # A variable of one level makes no subgroups: its only ratio is that of everybody.
  if (nrow(d) && length(levels_of(v, words(d, v))) < 2) return(withheld(outcome, "", v, "", "p_value_interaction"))
  r <- rows_of(d, a$by, outcome)
  r$level <- words(d, v)[r$row]
  r$.centre <- centre_of(d)[r$row]
  r <- r[!blank(r$level), ]
  groups <- groups_of(a, r$group)
  if (length(groups) != 2) return(withheld(outcome, "", v, "", "hazard_ratio"))
  pair <- versus(groups)
  r$first <- as.numeric(r$group == groups[1])
  given <- 0; sparse <- FALSE
  for (l in levels_of(v, r$level)) {
    x <- r[r$level == l, ]
    for (g in groups) {
      say(outcome, g, v, l, "n", sum(x$group == g))
      say(outcome, g, v, l, "events", sum(x$event[x$group == g]))
    }
    if (length(a$adjust_for)) {
      k <- x[known_of(d, x$row, covariates), ]
      say_adjusted(outcome, pair, v, l, k, k$first, adjusting_columns(d, k$row, covariates, v), a, sparse_in(k, groups, a$minimum_events))
    }
    if (sparse_in(x, groups, a$minimum_events)) { sparse <- TRUE; withheld(outcome, pair, v, l, "hazard_ratio"); next }
    hr <- first_ratio(x, x$first, a)
    if (is.null(hr)) { withheld(outcome, pair, v, l, "hazard_ratio"); next }
    given <- given + 1
    say(outcome, pair, v, l, "hazard_ratio", hr[1], hr[2], hr[3])
  }
  if (length(a$adjust_for)) interaction_adjusted(d, r, groups, a, outcome, v, covariates)
  if (sparse || given < 2) return(withheld(outcome, pair, v, "", "p_value_interaction"))
  p <- p_of_product(r)
  if (is.null(p)) return(withheld(outcome, pair, v, "", "p_value_interaction"))
  if (!is.na(p)) say(outcome, pair, v, "", "p_value_interaction", p)
}
# P of the products of group and level, in a model that also holds the columns `x`: by likelihood ratio, where centres are the
# clusters by Wald's test with F, as its variance is between them. NULL with no more centres than products, NA without a product.
p_of_product <- function(r, x = NULL) {
  r$level <- factor(r$level)
  control <- coxph.control(eps = 1e-11, iter.max = 50)
  within <- if (is_within(r)) . ~ . + strata(.centre) else . ~ .
  model <- function(formula) update(if (is.null(x)) formula else update(formula, . ~ . + x), within)
  if (is_alike(r)) {
    fit <- coxph(model(seen(r) ~ first * level), r, cluster = .centre, control = control)
    at <- which(grepl(":", names(coef(fit))) & !is.na(coef(fit)))
    q <- length(at); k <- centres_in(r)
    if (!q || k <= q) return(NULL)
    return(pf(drop(coef(fit)[at] %*% solve(fit$var[at, at], coef(fit)[at])) / q, q, k - 1, lower.tail = FALSE))
  }
  smaller <- coxph(model(seen(r) ~ first + level), r, control = control)
  larger <- coxph(model(seen(r) ~ first * level), r, control = control)
  df <- sum(!is.na(coef(larger))) - sum(!is.na(coef(smaller)))
  if (df > 0) pchisq(2 * (larger$loglik[2] - smaller$loglik[2]), df, lower.tail = FALSE) else NA
}
# The interaction in a model that holds the covariates, too.
interaction_adjusted <- function(d, r, groups, a, outcome, v, covariates) {
  pair <- versus(groups)
  r <- r[known_of(d, r$row, covariates), ]
  x <- adjusting_columns(d, r$row, covariates, v)
  levels <- unique(r$level)
  sparse <- any(vapply(levels, function(l) sparse_in(r[r$level == l, ], groups, a$minimum_events), TRUE))
  if (sparse || !nrow(r) || !ncol(x)) return(withheld(outcome, pair, v, "", "p_value_interaction_adjusted"))
  per_variable <- sum(r$event) / (2 * length(levels) - 1 + ncol(x))
  say(outcome, pair, v, "", "events_per_parameter", per_variable)
  if (per_variable < a$minimum_events_per_variable || length(levels) < 2)
    return(withheld(outcome, pair, v, "", "p_value_interaction_adjusted"))
  p <- p_of_product(r, x)
  if (is.null(p)) return(withheld(outcome, pair, v, "", "p_value_interaction_adjusted"))
  say(outcome, pair, v, "", "p_value_interaction_adjusted", p)
}

# ---- weights in place of matches: Cox models with weights, and limits that know or do not know that these are estimated -----------
ANALYSES$weighting <- function(study, d, a) {
  study$completed <- completed_of(study, a)
  cohorts <- lapply(study$completed, function(d) { d <- select(d, a); keep(d, !blank(words(d, a$by))) })
  groups <- groups_of(a, unlist(lapply(cohorts, words, a$by)))
  covariates <- unlist(study$settings$matching$covariates)
  for (v in covariates) if (v == a$by || (nrow(cohorts[[1]]) && !is.null(left_out(cohorts, v)))) withheld("", "", v, "", "covariate")
  none <- function() for (outcome in a$outcomes) withheld(outcome, if (length(groups) == 2) versus(groups) else "", "", "", "hazard_ratio")
  if (length(groups) != 2) return(none())
  scored <- lapply(cohorts, function(d) {
    names <- setdiff(usable(d, covariates), a$by)
    first <- as.numeric(words(d, a$by) == groups[1])
    if (!length(names) || min(sum(first), sum(!first)) < study$settings$matching$minimum_group) return(NULL)
    x <- score_columns(d, names)
    fit <- logit_of(first ~ x, list(first = first, x = x))
    if (separated(fit)) return("separated")
    x <- cbind(1, x[, !is.na(coef(fit)[-1]), drop = FALSE])
    list(d = d, names = names, first = first, x = x, e = fitted(fit), per_variable = min(sum(first), sum(!first)) / sum(!is.na(coef(fit)[-1])))
  })
  if (any(vapply(scored, is.null, TRUE))) return(none())
  if (any(vapply(scored, is.character, TRUE))) return(invisible())
  per_variable <- min(vapply(scored, function(s) s$per_variable, 0))
  if (per_variable < study$settings$matching$minimum_events_per_variable) {
    return(none())
  }
  say("", versus(groups), "", "", "events_per_parameter", per_variable)
  settings <- study$settings$weighting; pair <- versus(groups); known <- identical(settings$limits, "robust")
  for (target in targets_of(settings)) {
    made <- lapply(scored, function(s) weights_for(target, s, settings$truncate))
    if (any(vapply(made, function(m) is.null(m$w), TRUE))) { withheld("", "", target, "", "hazard_ratio"); next }
    weights <- lapply(made, function(m) m$w)
    check_weights(study, a, target, lapply(scored, function(s) s$d$patient_id), weights)
    of <- function(i, f) mapply(function(s, w) f(w[s$first == 2 - i]), scored, weights)
    worth <- lapply(1:2, of, function(w) sum(w)^2 / sum(w^2))
    for (i in 1:2) {
      say("", groups[i], target, "", "effective_n", mean(worth[[i]]))
      say("", groups[i], target, "", "largest_weight", max(of(i, function(w) max(w) / mean(w))))
    }
    if (!is.null(settings$truncate)) say("", pair, target, "", "n_truncated", mean(vapply(made, function(m) m$cut, 0)))
    say_weighted_balance(scored, weights, target, pair)
    if (are_sealed(study, scored, weights)) {
      for (outcome in a$outcomes) withheld(outcome, pair, target, "", "hazard_ratio")
      next
    }
    for (outcome in a$outcomes) say_weighted(a, outcome, target, groups, scored, made, settings, known)
  }
  sealed <- are_sealed(study, scored, lapply(scored, function(s) weights_for("ate", s)$w))
  for (outcome in a$outcomes) say_doubly_robust(a, outcome, groups, scored, sealed)
}
say_weighted <- function(a, outcome, target, groups, scored, made, settings, known) {
  pair <- versus(groups); lead <- target == settings$lead
  rows <- Map(function(s, m) {
    r <- rows_of(s$d, a$by, outcome)
    r$w <- m$w[r$row]; r$first <- s$first[r$row]
    r[r$w > 0, ]
  }, scored, made)
  if (lead) say_weighted_curves(outcome, target, groups, rows)
  if (any(vapply(rows, sparse_in, TRUE, groups, a$minimum_events))) {
    withheld(outcome, pair, target, "", "hazard_ratio")
    if (lead) withheld(outcome, pair, target, "", "p_value_log_rank")
    return(invisible())
  }
  if (lead) say(outcome, pair, target, "", "p_value_log_rank", median(mapply(log_rank_weighted, rows, made, MoreArgs = list(known = known))))
  fits <- lapply(rows, function(r) cox_of(r, r$first, r$w, seq_len(nrow(r))))
  if (any(vapply(fits, is.null, TRUE))) return(invisible())
  beta <- vapply(fits, coef, 0)
  # What the bootstrap draws is not drawn again.
  if (identical(settings$limits, "bootstrap")) return(say(outcome, pair, target, "", "hazard_ratio", exp(mean(beta)), NaN, NaN))
  u <- if (known) vapply(fits, function(f) f$var[1], 0) else mapply(function(r, m, b, f) {
    sum(parts_of_score(r, m, b, "efron", FALSE)$parts^2) * f$naive.var[1]^2
  }, rows, made, beta, fits)
  complete <- if (length(fits) > 1) max(min(vapply(rows, function(r) sum(r$event), 0)) - 1, 1) else Inf
  x <- pool(beta, u, complete)
  hr <- ratio(x$q, sqrt(x$t), x$df)
  say(outcome, pair, target, "", "hazard_ratio", hr[1], hr[2], hr[3])
  say(outcome, pair, target, "", "p_value", p_of(x$q / sqrt(x$t), x$df))
  say_errors(outcome, pair, target, "", beta, u, complete)
}

# The weights of weights.csv are these, up to a factor that a group's share gives all of its patients.
check_weights <- function(study, a, target, patients, weights) if (!is.null(study$weights)) {
  w <- study$weights
  w <- w[w$analysis == "weighting" & w$patients == a$patients & w$grouping == a$by & w$target %in% target, ]
  for (i in seq_along(weights)) {
    of <- w[w$imputation == i, ]
    theirs <- as.numeric(of$weight[match(patients[[i]], of$patient_id)])
    check("weights.csv: of the target populations, by the score of glm", abs(theirs - weights[[i]]) <= 1e-6 * pmax(abs(theirs), 1e-6))
  }
}

# ---- weights with what their estimation adds to limits; their balance; curves, log-rank test, doubly robust differences ----------
# Of a scored cohort (first: 1 in the first group; e: its score; x: the columns of the score with the intercept) the weights of a target;
# `gradient`, how they change with their parameters; and `influence`, what each patient adds to these (docs/methods-matching.md).
targets_of <- function(settings) unique(c(settings$lead, unlist(settings$targets)))
weights_for <- function(target, s, truncate = NULL) {
  g <- s$first; e <- s$e; x <- s$x; n <- length(g); p <- mean(g)
  if (startsWith(target, "entropy")) found <- if (target == "entropy_att") entropy_att(g, x) else entropy_ate(g, x)
  else {
    w <- switch(target, ate = ifelse(g == 1, p / e, (1 - p) / (1 - e)), att = ifelse(g == 1, 1, e / (1 - e)), overlap = ifelse(g == 1, 1 - e, e))
    slope <- switch(target, ate = ifelse(g == 1, -p * (1 - e) / e, (1 - p) * e / (1 - e)), att = ifelse(g == 1, 0, e / (1 - e)),
                    overlap = ifelse(g == 1, -1, 1) * e * (1 - e))
    by_share <- if (target == "ate") ifelse(g == 1, 1 / e, -1 / (1 - e)) else 0
    score <- (x * (g - e)) %*% solve(crossprod(x * (e * (1 - e)), x))
    found <- list(w = w, gradient = cbind(x * slope, by_share), influence = cbind(score, (g - p) / n))
  }
  found$cut <- 0
  if (!is.null(truncate)) {
    limits <- quantile(found$w, c(truncate, 1 - truncate), type = 7, names = FALSE)
    cut <- pmin(pmax(found$w, limits[1]), limits[2])
    found$gradient <- found$gradient * (found$w > limits[1] & found$w < limits[2])
    found$cut <- sum(cut != found$w); found$w <- cut
  }
  found
}
# Hainmueller 2012: exp(x'l), whose weighted sums of the columns are those asked for; Newton's steps on the dual. NULL where there are none.
entropy <- function(x, mean_to_be) {
  spread <- apply(x, 2, function(v) sqrt(mean((v - mean(v))^2)))
  if (any(abs(x[1, spread == 0] - mean_to_be[spread == 0]) > 1e-10)) return(NULL)
  z <- sweep(sweep(x[, spread > 0, drop = FALSE], 2, mean_to_be[spread > 0]), 2, spread[spread > 0], "/")
  dual <- function(l) { q <- drop(z %*% l); max(q) + log(sum(exp(q - max(q)))) }
  weigh <- function(l) { q <- drop(z %*% l); q <- exp(q - max(q)); q / sum(q) }
  l <- optim(rep(0, ncol(z)), dual, function(l) colSums(weigh(l) * z), method = "BFGS", control = list(reltol = 1e-14, maxit = 2000))$par
  for (i in 1:30) {
    w <- weigh(l); gradient <- colSums(w * z)
    if (max(abs(gradient)) < 1e-13) break
    step <- tryCatch(solve(crossprod(z * w, z) - tcrossprod(gradient), gradient), error = function(e) NULL)
    if (is.null(step)) break
    l <- l - step
  }
  w <- weigh(l)
  if (all(is.finite(w)) && max(abs(colSums(w * z))) < 1e-8) w
}
entropy_att <- function(g, x) {
  found <- entropy(x[g == 0, , drop = FALSE], colMeans(x[g == 1, , drop = FALSE]))
  if (is.null(found)) return(NULL)
  w <- rep(1, length(g)); w[g == 0] <- sum(g) * found
  own <- x * ifelse(g == 1, 0, w)
  list(w = w, gradient = own, influence = -(own - x * g) %*% solve(crossprod(own, x)))
}
entropy_ate <- function(g, x) {
  w <- numeric(length(g)); gradient <- influence <- NULL
  for (k in 1:0) {
    found <- entropy(x[g == k, , drop = FALSE], colMeans(x))
    if (is.null(found)) return(NULL)
    w[g == k] <- sum(g == k) * found
    own <- x * ifelse(g == k, w, 0); share <- mean(g == k)
    gradient <- cbind(gradient, own, ifelse(g == k, w / share, 0))
    influence <- cbind(influence, -(own / share - x) %*% solve(crossprod(own / share, x)), ((g == k) - share) / length(g))
  }
  list(w = w, gradient = gradient, influence = influence)
}
# Each patient's part of the weighted score of a Cox model held at `beta`; `known`: with the weights taken as known.
parts_of_score <- function(r, made, beta, ties, known) {
  fit <- cox_held(r, beta, ties)
  own <- residuals(fit, type = "score")
  parts <- if (known) rep(0, length(made$w)) else drop(made$influence %*% crossprod(made$gradient[r$row, , drop = FALSE], own))
  parts[r$row] <- parts[r$row] + r$w * own
  list(parts = parts, variance = fit$var[1])
}
cox_held <- function(r, beta, ties) {
  r$.seen <- seen(r)
  coxph(.seen ~ first, r, weights = w, ties = ties, init = beta, control = coxph.control(iter.max = 0), robust = FALSE)
}
log_rank_weighted <- function(r, made, known) {
  x <- parts_of_score(r, made, 0, "breslow", known)$parts
  pchisq(sum(x)^2 / sum(x^2), 1, lower.tail = FALSE)
}

# Differences of every level before and after, in each imputation; the gate judges levels and numbers.
weighted_differences <- function(scored, weights) {
  found <- do.call(rbind, Map(function(s, w) {
    first <- s$first == 1
    do.call(rbind, lapply(s$names, function(v) {
      if (is_levels(s$d, v)) {
        x <- words(s$d, v); levels <- levels_of(v, x)
        at <- function(inside, w) vapply(levels, function(l) sum(w[inside] * (x[inside] == l)) / sum(w[inside]), 0)
        one <- rep(1, length(x)); p <- list(at(first, one), at(!first, one)); q <- list(at(first, w), at(!first, w))
        data.frame(variable = v, level = c(levels, ""), judged = c(rep(TRUE, length(levels)), FALSE),
                   before = c(smd_shares(p[[1]], p[[2]]), distance(p[[1]], p[[2]])),
                   after = c(smd_shares(q[[1]], q[[2]], p[[1]], p[[2]]), distance(q[[1]], q[[2]], p[[1]], p[[2]])))
      } else {
        x <- as.numeric(s$d[[v]]); spread <- sqrt((var(x[first]) + var(x[!first])) / 2)
        at <- function(inside, w) sum(w[inside] * x[inside]) / sum(w[inside])
        data.frame(variable = v, level = "", judged = TRUE, before = (mean(x[first]) - mean(x[!first])) / spread,
                   after = (at(first, w) - at(!first, w)) / spread)
      }
    }))
  }, scored, weights))
  found$after[abs(found$after) < 1e-9] <- 0
  found$key <- paste(found$variable, found$level, sep = DIVIDER)
  found
}
largest_difference <- function(found) {
  part <- found[found$judged, ]
  max(tapply(abs(part$after), part$key, mean))
}
# Whether these weights are worth too few patients, or miss the balance where study.yaml gives no reason to compare outcomes all the same.
are_sealed <- function(study, scored, weights) {
  worth <- mapply(function(s, w) vapply(0:1, function(g) { w <- w[s$first == g]; sum(w)^2 / sum(w^2) }, 0), scored, weights)
  is_small(worth) || !is_unsealed(study) && largest_difference(weighted_differences(scored, weights)) > study$settings$matching$balance_limit
}
say_weighted_balance <- function(scored, weights, target, pair) {
  found <- weighted_differences(scored, weights); asked <- ASKED
  ASKED <<- c("weighted_balance", asked[2])
  for (key in unique(found$key)) {
    x <- found[found$key == key, ]
    put <- function(...) say(target, pair, x$variable[1], x$level[1], ...)
    put("smd_unweighted", mean(x$before)); put("smd_weighted", mean(x$after))
    put("smd_weighted_absolute", mean(abs(x$after))); put("smd_weighted_maximum", max(abs(x$after)))
  }
  ASKED <<- asked
  say("", pair, target, "*", "largest_smd", largest_difference(found))
  say("", pair, target, "*", "maximum_smd", max(abs(found$after[found$judged])))
}

# The curves of the leading weights: of each group weights that make up its patients; at risk, limits and medians by survfit.
say_weighted_curves <- function(outcome, target, groups, rows) {
  for (g in groups) {
    parts <- lapply(rows, function(r) { r <- r[r$group == g, ]; r$w <- r$w * nrow(r) / sum(r$w); r })
    size <- vapply(parts, nrow, 0)
    if (!any(size > 0)) { describe_not(outcome, g, target); next }  # nobody has the outcome
    say(outcome, g, target, "", "n", mean(size), if (length(size) > 1) min(size) else NA, if (length(size) > 1) max(size) else NA)
    say(outcome, g, target, "", "events", mean(vapply(parts, function(r) sum(r$event), 0)))
    if (is_small(size)) { describe_not(outcome, g, target); next }
    fits <- lapply(parts, function(r) km(r, cluster = seq_len(nrow(r))))
    if (length(fits) == 1) {
      middle <- median_of(fits[[1]]); at <- function(t) survival_at(fits[[1]], t)
    } else {
      curve <- pooled_curve(fits)
      if (!length(curve$time)) next
      middle <- apply(curve$line, 1, function(line) crossing(curve$time, line)); at <- function(t) curve_at(curve, t)
    }
    say(outcome, g, target, "", "median", middle[1], middle[2], middle[3])
    for (t in c(6, 12, 24)) { s <- at(t); say(outcome, g, target, "", paste0("survival_", t, "_months"), s[1], s[2], s[3]) }
  }
}

# ---- doubly robust: pseudo-observations within each group, leaving out each patient in turn; stacked equations -----------------
pseudo_of <- function(time, event, at) {
  n <- length(time); u <- sort(unique(time[event == 1 & time <= at]))
  if (!length(u)) return(rep(1, n))
  risk <- outer(time, u, ">=") + 0; dead <- (outer(time, u, "==") & event == 1) + 0
  y <- colSums(risk); k <- colSums(dead)
  left <- sweep(-risk, 2, y, "+")
  without <- 1 - ifelse(left > 0, sweep(-dead, 2, k, "+") / left, 0)
  n * prod(1 - k / y) - (n - 1) * apply(without, 1, prod)
}
doubly_robust <- function(r, s, at) {
  d <- r$event == 1; g <- r$first; x <- s$x[r$row, , drop = FALSE]; e <- s$e[r$row]
  if (nrow(r) < length(s$e)) {
    fit <- suppressWarnings(logit_of(g ~ x - 1, list(g = g, x = x)))
    x <- x[, !is.na(coef(fit)), drop = FALSE]; e <- fitted(fit)
  }
  y <- numeric(nrow(r)); n <- nrow(r)
  for (k in 0:1) y[g == k] <- pseudo_of(r$months[g == k], r$event[g == k], at)
  score <- (x * (g - e)) %*% solve(crossprod(x * (e * (1 - e)), x))
  one <- function(inside, own, sign) {
    fit <- lm.fit(x[inside, , drop = FALSE], y[inside])
    # What one group does not determine cannot be predicted for the other.
    if (fit$rank < qr(x)$rank || sum(inside) <= fit$rank) return(NULL)
    used <- !is.na(fit$coefficients); z <- x[, used, drop = FALSE]
    fitted <- drop(z %*% fit$coefficients[used]); left <- ifelse(inside, y - fitted, 0)
    values <- fitted + left / own
    model <- (z * left) %*% solve(crossprod(z[inside, , drop = FALSE]))
    list(mean = mean(values), parts = (values - mean(values)) / n + drop(model %*% colMeans(z * (1 - inside / own))) +
      drop(score %*% colMeans(x * (-sign * left * (1 - own) / own))))
  }
  a <- one(g == 1, e, 1); b <- one(g == 0, 1 - e, -1)
  if (is.null(a) || is.null(b)) return(rep(NA, 4))
  c(a$mean, b$mean, a$mean - b$mean, sum((a$parts - b$parts)^2))
}
say_doubly_robust <- function(a, outcome, groups, scored, sealed) {
  pair <- versus(groups)
  rows <- lapply(scored, function(s) { r <- rows_of(s$d, a$by, outcome); r$first <- s$first[r$row]; r })
  for (at in c(12, 24)) {
    name <- function(statistic) paste0(statistic, "_", at, "_months")
    none <- vapply(rows, function(r) {
      early <- r; early$event <- as.numeric(r$event == 1 & r$months <= at)
      any(r$entry > 0) || sparse_in(early, groups, a$minimum_events) ||
        min(vapply(0:1, function(k) max(r$months[r$first == k]), 0)) < at
    }, TRUE)
    if (sealed || any(none)) { withheld(outcome, pair, "aipw", "", name("survival_difference")); next }
    x <- vapply(seq_along(rows), function(i) doubly_robust(rows[[i]], scored[[i]], at), numeric(4))
    if (anyNA(x)) { withheld(outcome, pair, "aipw", "", name("survival_difference")); next }
    df <- if (length(rows) > 1) max(round(mean(vapply(rows, nrow, 0))) - 2, 1) else Inf
    q <- pool(x[3, ], x[4, ], df); reach <- if (is.finite(q$df)) qt(0.975, q$df) else Z
    for (i in 1:2) { s <- mean(x[i, ]); say(outcome, groups[i], "aipw", "", name("survival"), if (s >= 0 && s <= 1) s else NA) }
    say(outcome, pair, "aipw", "", name("survival_difference"), q$q, max(q$q - reach * sqrt(q$t), -1), min(q$q + reach * sqrt(q$t), 1))
    say(outcome, pair, "aipw", "", name("p_value"), p_of(q$q / sqrt(q$t), q$df))
  }
}

# ---- responses: how many responded, with exact limits ----------------------------------------------------------
ANALYSES$response_rate <- function(study, d, a) {
  d <- keep(d, !blank(words(d, a$by)))
  of <- words(d, a$by)
  groups <- levels_of(a$by, of)
  r <- d$reported_response
  say_rate <- function(g, inside) {
    n <- sum(inside)
    o <- "best_response"
    say(o, g, "", "", "n", n)
    if (n && all(blank(r[inside]))) {
      for (rate in names(RATES)) withheld(o, g, rate, "", "percent")
      return(invisible())
    }
    for (x in responses) if (x %in% r) {
      say(o, g, "", x, "n", sum(r[inside] == x, na.rm = TRUE))
      say(o, g, "", x, "percent", if (n) 100 * sum(r[inside] == x, na.rm = TRUE) / n else NA)
    }
    if (n) for (rate in names(RATES)) {
      l <- clopper(sum(r[inside] %in% RATES[[rate]]), n)
      say(o, g, rate, "", "percent", l[1], l[2], l[3])
    }
  }
  say_rate("all", rep(TRUE, nrow(d)))
  for (g in groups) say_rate(beside_all(a, g), of == g)
  if (length(groups) >= 2) for (rate in names(RATES)) {
    yes <- vapply(groups, function(g) sum(r[of == g] %in% RATES[[rate]]), 0)
    sizes <- vapply(groups, function(g) sum(of == g), 0)
    unknown <- any(vapply(groups, function(g) any(of == g) && all(blank(r[of == g])), TRUE))
    test <- if (is_small(sizes) || unknown) c(NA, NA) else test_levels(rbind(yes, sizes - yes))
    if (identical(test, "unknown")) next
    say("best_response", versus(beside_all(a, groups)), rate, "", "p_value", test[2])
    if (!is.na(test[1])) say("best_response", versus(beside_all(a, groups)), rate, "", "test_statistic", test[1])
  }
}
RATES <- list(orr = c("CR", "PR"), dcr = c("CR", "PR", "SD", "NON_CR_NON_PD"))


# ---- other definitions: labels, agreement, and survival between the patterns by each -----------------------------
ANALYSES$reclassification <- function(study, d, a) {
  f <- study$definitions
  f <- f[f$patient_id %in% d$patient_id, , drop = FALSE]
  for (column in grep("^pattern:", names(f), value = TRUE)) {
    d$pattern_here <- f[[column]][match(d$patient_id, f$patient_id)]
    attr(d, "kinds")$pattern_here <- "text"
    r <- rows_of(d, "pattern_here", "pps")
    if (!nrow(r)) next
    groups <- LEVELS$pattern
    say_ratio <- function(...) say("pps", sub("^[^:]*:", "", column), "", versus(groups), "hazard_ratio", ...)
    r$first <- as.numeric(r$group == groups[1])
    fit <- if (!sparse_in(r, groups, a$minimum_events) && !is.na(log_rank(r)[2]))
      cox_of(r, r$first)
    if (is.null(fit)) { say_ratio(NA); next }
    x <- ratio(coef(fit), sqrt(fit$var[1]))
    say_ratio(x[1], x[2], x[3])
    z <- proportional(fit)
    if (!is.na(z) && z < 0.05) change_under_definition(r, groups, sub("^[^:]*:", "", column), a)
  }
  for (outcome in c("pattern", "resistance")) {
    columns <- grep(paste0("^", outcome, ":"), names(f), value = TRUE)
    presets <- sub("^[^:]*:", "", columns)
    for (i in seq_along(columns)) {
      x <- f[[columns[i]]]; x <- x[!blank(x)]
      say(outcome, presets[i], "", "", "n", length(x))
      for (l in unique(x)) {
        say(outcome, presets[i], "", l, "n", sum(x == l))
        say(outcome, presets[i], "", l, "percent", 100 * mean(x == l))
      }
    }
    for (i in seq_along(columns)) for (j in seq_along(columns)) if (i < j) {
      both <- f[!blank(f[[columns[i]]]) & !blank(f[[columns[j]]]), ]
      if (!nrow(both)) next
      x <- both[[columns[i]]]; y <- both[[columns[j]]]
      pair <- versus(presets[c(i, j)])
      agree <- function(x, y, variable) {
        l <- unique(c(x, y))
        k <- if (is_small(length(x))) rep(NA, 4) else kappa_of(table(factor(x, l), factor(y, l)))
        say(outcome, pair, variable, "", "percent_agree", 100 * k[1])
        say(outcome, pair, variable, "", "kappa", k[2], k[3], k[4])
      }
      for (s in unique(x)) for (t in unique(y)) if (any(x == s & y == t)) say(outcome, pair, "", paste(s, "->", t), "n", sum(x == s & y == t))
      agree(x, y, "")
      if (outcome == "resistance") agree(x == "acquired", y == "acquired", "acquired_or_not")
    }
  }
}

# ---- responses that were given beside those derived, at the visits of responses.csv that have both -------------------
OF_THE_STUDY$given_response <- function(study) if (!is.null(study$responses)) {
  ASKED <<- c("given_response", "screened")
  r <- study$responses
  r <- r[!blank(r$given_response) & !blank(r$overall_response), ]
  if (!nrow(r)) return(invisible())
  # By iRECIST the file has the words of the scans, and given responses are compared with what best response counts.
  if (any(grepl("^i", r$overall_response))) return(invisible())
  agree <- r$given_response == r$overall_response
  say("", "", "", "", "n_visits", nrow(r))
  say("", "", "", "", "n_agree", sum(agree))
  say("", "", "", "", "percent_agree", 100 * mean(agree))
  differ <- table(paste(r$given_response, r$overall_response, sep = DIVIDER)[!agree])
  for (pair in names(differ)) {
    two <- strsplit(pair, DIVIDER, fixed = TRUE)[[1]]
    say("", two[1], "", two[2], "n_differ", differ[[pair]])
  }
}

# ---- readers: each with the responses they gave, and every two with each other, visit by visit -----------------------
OF_THE_STUDY$reader_agreement <- function(study) if (!is.null(study$readers)) {
  ASKED <<- c("reader_agreement", "screened")
  r <- study$readers
  reader <- ifelse(blank(r$reader), "", r$reader)
  for (one in unique(reader)) {
    x <- r[reader == one & !blank(r$given_response) & !blank(r$overall_response), ]
    if (nrow(x)) agreement_of_visits(one, x$given_response, x$overall_response)
  }
  r <- r[!blank(r$overall_response), ]
  names <- unique(ifelse(blank(r$reader), "", r$reader))
  for (i in seq_along(names)) for (j in seq_along(names)) if (i < j) {
    a <- r[r$reader %in% names[i], ]; b <- r[r$reader %in% names[j], ]
    both <- merge(a[c("patient_id", "assessed_day", "overall_response")], b[c("patient_id", "assessed_day", "overall_response")],
                  by = c("patient_id", "assessed_day"))
    if (nrow(both)) agreement_of_visits(versus(names[c(i, j)]), both$overall_response.x, both$overall_response.y)
  }
}
agreement_of_visits <- function(group, x, y) {
  o <- "overall_response"
  l <- responses[responses %in% c(x, y)]
  counts <- table(factor(x, l), factor(y, l))
  say(o, group, "", "", "n_visits", length(x))
  say(o, group, "", "", "n_agree", sum(diag(counts)))
  k <- kappa_of(counts)
  say(o, group, "", "", "percent_agree", 100 * k[1])
  say(o, group, "", "", "kappa", k[2], k[3], k[4])
  for (a in l) for (b in l) say(o, group, a, b, "n", counts[a, b])
}

# ---- management: how many patients each suggestion has, of management.csv ------------------------------------------
OF_THE_STUDY$management <- function(study) if (!is.null(study$management)) {
  ASKED <<- c("management", "progressed")
  n <- nrow(study$management)
  say("", "", "", "", "n", n)
  for (v in c("tier", "withheld", "note")) {
    cells <- study$management[[c(tier = "tier", withheld = "withheld_because", note = "notes")[[v]]]]
    counts <- table(unlist(strsplit(cells[!blank(cells)], ";", fixed = TRUE)))
    for (l in names(counts)) {
      say("", "", v, l, "n", counts[[l]])
      say("", "", v, l, "percent", 100 * counts[[l]] / n)
    }
  }
}

# ---- best change: of the sums of responses.csv up to the first progression or a new systemic therapy -----------------
OF_THE_STUDY$response_series <- function(study) if (!is.null(study$responses)) for (whom in c("treated", "progressed")) {
  ASKED <<- c("response_series", whom)
  d <- population(study, whom)
  r <- study$responses
  at <- match(r$patient_id, d$patient_id)
  r <- r[!blank(at), ]; at <- at[!blank(at)]
  cutoff <- study$settings$data_cutoff
  if (!is.null(cutoff)) { inside <- blank(r$assessed_on) | r$assessed_on <= cutoff; r <- r[inside, ]; at <- at[inside] }
  by_visit <- order(at, as.numeric(r$assessed_day))
  r <- r[by_visit, ]; at <- at[by_visit]
  day <- as.numeric(r$assessed_day)
  never <- function(x) ifelse(blank(x), Inf, x)
  # By iRECIST a progression is the unconfirmed one that was not resolved: the one of the day that endpoints take.
  is_pd <- r$overall_response %in% "PD" |
    (r$overall_response %in% c("iUPD", "iCPD") & day >= never(as.numeric(d$progressed_day[at])))
  earlier <- ave(as.numeric(is_pd), at, FUN = cumsum) - is_pd
  declared <- as.numeric(as.Date(r$declared_on) - as.Date(d$treatment_started_on[at]))
  counts <- earlier == 0 & day <= never(as.numeric(d$progressed_day[at])) &
    (blank(declared) | declared <= never(as.numeric(d$new_therapy_day[at])))
  r <- r[counts, ]; at <- at[counts]; is_pd <- is_pd[counts]
  baseline <- as.numeric(r$baseline_mm)
  change <- ifelse(baseline > 0, round(100 * (as.numeric(r$sum_mm) - baseline) / baseline, 6), NA)
  known <- !blank(change)
  best <- tapply(change[known], at[known], min)
  first_pd <- is_pd & !duplicated(paste(at, is_pd)) & at %in% names(best)
  cause <- strsplit(as.character(ifelse(blank(r$cause[first_pd]), "", r$cause[first_pd])), "+", fixed = TRUE)
  by_cause <- function(word) sum(vapply(cause, function(x) word %in% x, TRUE))
  o <- "best_change"
  say(o, "", "", "", "n", nrow(d))
  say(o, "", "", "", "n_evaluable", length(best))
  q <- if (length(best)) quantile(best, c(0.5, 0.25, 0.75), names = FALSE) else c(NA, NA, NA)
  say(o, "", "", "", "median", q[1], q[2], q[3])
  say(o, "", "", "<=-30", "n", sum(best <= -30))
  say(o, "", "", ">=20", "n", sum(best >= 20))
  say(o, "", "", "pd_by_new_lesion", "n", by_cause("new_lesion"))
  say(o, "", "", "pd_by_non_target", "n", by_cause("non_target"))
  say("swimmer", "", "", "", "n", sum(!blank(d$os_days)))
}

# ---- treating centres: how many there are, and patients whose centre is not known --------------------------------
OF_THE_STUDY$centres <- function(study) {
  if (!("centre" %in% names(study$patients)) || all(blank(population(study, "treated")$centre))) return(invisible())
  for (whom in c("treated", "progressed")) {
    d <- population(study, whom)
    ASKED <<- c("centres", whom)
    known <- d$centre[!blank(d$centre)]
    say("", "", "", "", "n_centres", length(unique(known)))
    say("", "", "", "", "n_centre_unknown", nrow(d) - length(known))
  }
}

# ---- this study ----

LEVELS[["pattern"]] <- c("oligoprogression", "systemic")
LEVELS[["age_60"]] <- c(">=60", "<60")
LEVELS[["sex"]] <- c("male", "female")
LEVELS[["smoking"]] <- c("ever", "never")
LEVELS[["ecog"]] <- c("0", "1", "2", "3", "4", "5")
LEVELS[["brain_metastasis"]] <- c("yes", "no")
LEVELS[["histology"]] <- c("squamous", "adenocarcinoma", "other")
LEVELS[["stage"]] <- c("I", "IA", "IA1", "IA2", "IA3", "IB", "II", "IIA", "IIB", "III", "IIIA", "IIIB", "IIIC", "IV", "IVA", "IVB")
LEVELS[["pd_l1"]] <- c("<1%", "1-49%", ">=50%")
LEVELS[["line_regimen"]] <- c("chemo", "chemo_io", "chemo_io_antiangiogenic", "io", "other", "targeted")
LEVELS[["resistance"]] <- c("acquired", "primary", "unconfirmed_primary", "not_acquired_by_definition", "unclassifiable")
LEVELS[["local_after_progression"]] <- c("no", "yes")
LEVELS[["best_response"]] <- c("CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE")
LEVELS[["ecog_at_progression"]] <- c("0", "1", "2", "3", "4", "5")
LEVELS[["driver_gene"]] <- c("negative", "positive", "unknown")
LEVELS[["first_line_regimen"]] <- c("chemo", "chemo_io", "chemo_io_antiangiogenic", "io", "other", "targeted")
LEVELS[["progressed"]] <- c("yes", "no")

KINDS <- c(
  "p" = "integer", "source" = "text", "source_row" = "integer", "patient_id" = "text",
  "sex" = "text", "birth_date" = "text", "age_years" = "number", "smoking" = "text",
  "ecog" = "integer", "ecog_at_progression" = "integer", "histology" = "text", "stage" = "text",
  "diagnosis" = "text", "pd_l1_tps" = "number", "pd_l1" = "text", "driver_gene" = "text",
  "brain_metastasis" = "text", "treatment_started_on" = "text", "treatment_started_day" = "integer", "last_dose_on" = "text",
  "last_dose_day" = "integer", "clinical_progression_on" = "text", "clinical_progression_day" = "integer", "died_on" = "text",
  "died_day" = "integer", "last_known_alive_on" = "text", "last_known_alive_day" = "integer", "vital_status" = "text",
  "centre" = "text", "entered_on" = "text", "entered_day" = "integer", "entered_months" = "number",
  "center" = "text", "age_60" = "text", "n_target_lesions" = "integer", "n_baseline_lesions" = "integer",
  "baseline_organs" = "text", "all_baseline_organs" = "text", "n_baseline_organs" = "integer", "has_baseline" = "boolean",
  "first_line_regimen" = "text", "new_therapy_day" = "integer", "best_response" = "text", "confirmed_response" = "text",
  "first_response_day" = "integer", "confirmed_first_response_day" = "integer", "best_response_day" = "integer", "cr_then_pr" = "boolean",
  "best_scan" = "text", "best_scan_day" = "integer", "confirmed_scan" = "text", "confirmed_scan_day" = "integer",
  "confirmed_by_day" = "integer", "was_assessed" = "boolean", "read_best" = "text", "reported_response" = "text",
  "response_day" = "integer", "k" = "integer", "imaging_day" = "integer", "cause" = "text",
  "progression_confirmed" = "boolean", "n_progressing_lesions" = "integer", "n_progressing_extracranial" = "integer", "n_progressing_intracranial" = "integer",
  "n_organs" = "integer", "n_possible_organs" = "integer", "n_organs_extracranial" = "integer", "n_possible_organs_extracranial" = "integer",
  "n_organs_not_regional" = "integer", "n_possible_organs_not_regional" = "integer", "n_organs_not_regional_extracranial" = "integer", "n_possible_organs_not_regional_extracranial" = "integer",
  "n_possible_lesions" = "integer", "n_possible_extracranial" = "integer", "n_not_evaluated" = "integer", "diffuse" = "boolean",
  "progressing_organs" = "text", "n_existing" = "integer", "n_not_uncontrolled" = "integer", "n_others" = "integer",
  "n_others_controlled" = "integer", "primary_progressing" = "boolean", "some_existing" = "boolean", "some_new" = "boolean",
  "fallback_used" = "boolean", "source_rows" = "text", "failure" = "text", "pattern" = "text",
  "pattern_rule" = "text", "pattern_flags" = "text", "progressed_day" = "integer", "clinical_first" = "boolean",
  "clinical_day" = "integer", "progression_basis" = "text", "progressed" = "text", "progressed_on" = "text",
  "first_response_on" = "text", "best_response_on" = "text", "flags" = "text", "ibest_response" = "text",
  "iprogressed_day" = "integer", "iprogression_confirmed" = "boolean", "iconfirmed_day" = "integer", "line_start_day" = "integer",
  "line_regimen" = "text", "line_progressed_day" = "integer", "line_last_day" = "integer", "cutoff_day" = "integer",
  "os_days" = "integer", "os_event" = "integer", "os_rule" = "text", "last_adequate_day" = "integer",
  "adequate_before_therapy_day" = "integer", "adequate_before_event_day" = "integer", "pfs_days" = "integer", "pfs_event" = "integer",
  "pfs_rule" = "text", "n_assessments" = "integer", "assessment_interval_days" = "number", "pfs_lower_days" = "integer",
  "pfs2_days" = "integer", "pfs2_event" = "integer", "pfs2_ema_days" = "integer", "pfs2_ema_event" = "integer",
  "iprogression_day" = "integer", "adequate_before_ievent_day" = "integer", "ipfs_days" = "integer", "ipfs_event" = "integer",
  "ipfs_rule" = "text", "pps_days" = "integer", "pps_event" = "integer", "dor_days" = "integer",
  "dor_event" = "integer", "dor_rule" = "text", "rapid_progression" = "boolean", "resistance" = "text",
  "resistance_rule" = "text", "same_organs" = "text", "new_organs" = "text", "site_relation" = "text",
  "beyond_progression" = "text", "local_after_progression" = "text", "patterns_disagree" = "boolean", "months_to_progression" = "number",
  "n_progressing_organs" = "integer", "excluded_because" = "text", "population" = "text"
)

MINIMUM_GROUP <- 5
STUDY <- list(
  data_cutoff = "2025-04-08",
  n_set_aside = 1,
  rules = list(
    list(rule = "quarantined", after = "screened", columns = character()),
    list(rule = "age", after = "screened", columns = c("age_years")),
    list(rule = "stage", after = "screened", columns = c("stage")),
    list(rule = "regimen", after = "screened", columns = c("first_line_regimen")),
    list(rule = "driver", after = "screened", columns = c("driver_gene")),
    list(rule = "measurable", after = "screened", columns = c("n_target_lesions")),
    list(rule = "ecog", after = "screened", columns = c("ecog")),
    list(rule = "not_treated", after = "screened", columns = character()),
    list(rule = "after_cutoff", after = "screened", columns = character()),
    list(rule = "progressed", after = "treated", columns = c("progressed")),
    list(rule = "progression_unknown", after = "treated", columns = character()),
    list(rule = "not_progressed", after = "treated", columns = character()),
    list(rule = "pattern", after = "progressed", columns = character())
  ),
  window_days = 28,
  matching = list(covariates = c("age_60", "sex", "stage", "smoking", "histology", "brain_metastasis", "pd_l1"),
  covariates_at_progression = c("months_to_progression", "best_response", "ecog_at_progression", "n_baseline_organs"),
  method = "nearest",
  ratio = 1,
  replace = FALSE,
  order = "descending",
  caliper = 0.6,
  caliper_scale = "logit",
  exact = character(),
  imputations = "within",
  balance_limit = 0.3,
  minimum_group = 5,
  minimum_events_per_variable = 1,
  unseal = "given for comparison with Huang et al. (2025), who report matched results"),
  weighting = list(lead = "overlap", targets = c("overlap", "ate", "att"), truncate = NULL, limits = "robust"),
  completed = list(list(population = "progressed", by = "pattern", m = 2), list(population = "progressed", by = "sex", m = 2)),
  analyses = list(
    # analyses[1] of study.yaml
    list(kind = "follow_up",
  population = "treated",
  patients = "treated",
  by = "pattern",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[2] of study.yaml
    list(kind = "baseline",
  population = "progressed",
  patients = "progressed",
  by = "pattern",
  variables = c("age_60", "sex", "smoking", "ecog", "brain_metastasis", "histology", "stage", "pd_l1"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[3] of study.yaml
    list(kind = "baseline",
  population = "matched",
  patients = "matched",
  by = "pattern",
  variables = c("age_60", "sex", "smoking", "ecog", "brain_metastasis", "histology", "stage", "pd_l1"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[4] of study.yaml
    list(kind = "predictors",
  population = "progressed",
  patients = "progressed",
  by = "pattern",
  variables = c("age_60", "sex", "smoking", "ecog", "brain_metastasis", "histology", "stage", "pd_l1"),
  minimum_events = 5,
  minimum_events_per_variable = 2.0,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[5] of study.yaml
    list(kind = "sites",
  population = "progressed",
  patients = "progressed",
  by = "pattern",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[6] of study.yaml
    list(kind = "timing",
  population = "progressed",
  patients = "progressed",
  by = "pattern",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[7] of study.yaml
    list(kind = "survival",
  population = "progressed",
  patients = "progressed",
  by = "pattern",
  outcomes = c("pps", "os", "pfs"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[8] of study.yaml
    list(kind = "survival",
  population = "matched",
  patients = "matched",
  by = "pattern",
  outcomes = c("pps", "os", "pfs"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[9] of study.yaml
    list(kind = "landmark",
  population = "treated",
  patients = "treated",
  by = "pattern",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[10] of study.yaml
    list(kind = "time_dependent",
  population = "treated",
  patients = "treated",
  by = "pattern",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[11] of study.yaml
    list(kind = "competing_risks",
  population = "treated",
  patients = "treated",
  by = "pattern",
  variables = c("sex", "smoking", "histology", "brain_metastasis"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[12] of study.yaml
    list(kind = "subgroups",
  population = "progressed",
  patients = "progressed",
  by = "pattern",
  outcomes = c("pps"),
  variables = c("age_60", "sex", "smoking", "ecog", "brain_metastasis", "histology", "stage", "pd_l1"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[13] of study.yaml
    list(kind = "weighting",
  population = "progressed",
  patients = "progressed",
  by = "pattern",
  outcomes = c("pps", "os"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[14] of study.yaml
    list(kind = "survival",
  population = "progressed",
  patients = "progressed:chemo_io",
  by = "pattern",
  where = list("line_regimen" = "chemo_io"),
  outcomes = c("pfs2", "os"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[15] of study.yaml
    list(kind = "survival",
  population = "progressed",
  patients = "progressed:chemo_io_antiangiogenic",
  by = "pattern",
  where = list("line_regimen" = "chemo_io_antiangiogenic"),
  outcomes = c("pfs2", "os"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[16] of study.yaml
    list(kind = "survival",
  population = "progressed",
  patients = "progressed:oligoprogression",
  by = "resistance",
  where = list("pattern" = "oligoprogression"),
  outcomes = c("pps", "os", "pfs"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[17] of study.yaml
    list(kind = "survival",
  population = "matched",
  patients = "matched:oligoprogression",
  by = "resistance",
  where = list("pattern" = "oligoprogression"),
  outcomes = c("pps", "os", "pfs"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[18] of study.yaml
    list(kind = "survival",
  population = "progressed",
  patients = "progressed:systemic",
  by = "resistance",
  where = list("pattern" = "systemic"),
  outcomes = c("pps", "os", "pfs"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[19] of study.yaml
    list(kind = "survival",
  population = "matched",
  patients = "matched:systemic",
  by = "resistance",
  where = list("pattern" = "systemic"),
  outcomes = c("pps", "os", "pfs"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[20] of study.yaml
    list(kind = "survival",
  population = "progressed",
  patients = "progressed:oligoprogression:no",
  by = "pattern",
  where = list("pattern" = "oligoprogression", "local_after_progression" = "no"),
  outcomes = c("os"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[21] of study.yaml
    list(kind = "response_rate",
  population = "progressed",
  patients = "progressed",
  by = "pattern",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[22] of study.yaml
    list(kind = "reclassification",
  population = "progressed",
  patients = "progressed",
  by = "pattern",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[23] of study.yaml
    list(kind = "baseline",
  population = "progressed",
  patients = "progressed",
  by = "center",
  variables = c("sex", "age_years", "pd_l1"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[24] of study.yaml
    list(kind = "baseline",
  population = "treated",
  patients = "treated",
  by = "sex",
  variables = c("smoking", "center"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[25] of study.yaml
    list(kind = "survival",
  population = "progressed",
  patients = "progressed",
  by = "center",
  outcomes = c("dor", "ipfs", "pfs2"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[26] of study.yaml
    list(kind = "response_rate",
  population = "treated",
  patients = "treated",
  by = "histology",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[27] of study.yaml
    list(kind = "sites",
  population = "progressed",
  patients = "progressed",
  by = "resistance",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[28] of study.yaml
    list(kind = "timing",
  population = "progressed",
  patients = "progressed",
  by = "resistance",
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[29] of study.yaml
    list(kind = "predictors",
  population = "progressed",
  patients = "progressed",
  by = "sex",
  variables = c("smoking", "center"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0)),
    # analyses[30] of study.yaml
    list(kind = "survival",
  population = "matched",
  patients = "matched",
  by = "sex",
  outcomes = c("os"),
  minimum_events = 5,
  minimum_events_per_variable = 5,
  period_ends = c(6.0, 12.0),
  weighted_test = "max_combo",
  rho_gamma = c(0.0, 1.0))
  )
)

study <- read_folder(STUDY)
study$sealed <- is_sealed(study)
analyse_study(study)
for (a in STUDY$analyses) analyse(study, a)
finish()
