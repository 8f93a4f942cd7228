# Recomputes, apart from the program, the numbers of studies with random settings.
#
#   Rscript tests/oracle/recompute_settings.R FOLDER ANSWERS.json
#
# FOLDER holds one folder a study with what its user has: settings.json (the settings as run.json holds them), patients.csv
# (labels, times and covariates), columns.csv (what kind each column is), definitions.csv; and, where random numbers were
# drawn, completed.csv (the values drawn in each imputation) and pairs.csv (matched_pairs.csv). Everything else is
# computed here from the documentation of the methods with base R and the survival package: who is selected, levels and
# their order, tests, models, weights, pooling. tests/oracle/recomputed.py calls this and compares.

suppressPackageStartupMessages(library(survival))
options(warn = -1, digits = 15)
arguments <- commandArgs(trailingOnly = TRUE)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "read_json.R"))
MONTH <- 30.4375
Z <- qnorm(0.975)

# --- what the documentation says of columns ---------------------------------------------------------------------
responses <- c("CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE")
LEVELS <- list(
  age_60 = c(">=60", "<60"), brain_metastasis = c("yes", "no"), progressed = c("yes", "no"),
  pattern = c("oligoprogression", "systemic"),
  resistance = c("acquired", "primary", "unconfirmed_primary", "not_acquired_by_definition", "unclassifiable"),
  best_response = responses, confirmed_response = responses, sex = c("male", "female"), smoking = c("ever", "never"),
  histology = c("squamous", "adenocarcinoma", "other"), pd_l1 = c("<1%", "1-49%", ">=50%"),
  driver_gene = c("negative", "positive", "unknown"))
FIRST_IS_REFERENCE <- c("pd_l1", "stage", "ecog")
COUNTS <- c("n_baseline_organs", "n_baseline_lesions") # numbers however few their values

blank <- function(x) is.na(x)
is_levels <- function(d, name) {
  kind <- attr(d, "kinds")[[name]]
  if (kind %in% c("text", "boolean")) return(TRUE)
  kind == "integer" && !(name %in% COUNTS) && length(unique(d[[name]])) <= 6
}
words <- function(d, name) {
  x <- as.character(d[[name]])
  if (attr(d, "kinds")[[name]] == "boolean") x <- ifelse(x == "true", "yes", ifelse(x == "false", "no", x))
  x
}
levels_of <- function(name, x) {
  present <- unique(x[!blank(x)])
  known <- LEVELS[[name]]
  c(known[known %in% present], sort(setdiff(present, known), method = "radix"))
}
keep <- function(d, rows) {
  out <- d[if (is.logical(rows)) which(rows) else rows, , drop = FALSE]
  attr(out, "kinds") <- attr(d, "kinds")
  out
}
versus <- function(groups) paste(groups, collapse = " vs ")

# --- answers ----------------------------------------------------------------------------------------------------
answers <- NULL
say <- function(outcome, group, variable, level, statistic, value, low = NA, high = NA) {
  if (length(value) == 0) value <- NA
  at <- paste(c(outcome, group, variable, level, statistic), collapse = "\t")
  answers[[at]] <<- as.numeric(c(value, low, high))
}
withheld <- function(...) say(..., value = NA)

# --- parts ------------------------------------------------------------------------------------------------------
km <- function(time, event, conf = "log-log", weights = NULL, cluster = NULL) {
  if (is.null(weights)) return(survfit(Surv(time, event) ~ 1, conf.type = conf))
  d <- data.frame(time, event, weights, cluster)
  survfit(Surv(time, event) ~ 1, d, conf.type = conf, weights = weights, cluster = cluster)
}
# Where survival stays at one half to the end of follow-up, R takes the middle of that time; the median is when it came there.
median_of <- function(fit) {
  c(crossing(fit$time, fit$surv), crossing(fit$time, ifelse(fit$surv %in% c(0, 1), NA, fit$lower)),
    crossing(fit$time, ifelse(fit$surv %in% c(0, 1), NA, fit$upper)))
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
cox_of <- function(formula, data, weights = NULL, cluster = NULL, ...) {
  data$.w <- if (is.null(weights)) 1 else weights
  data$.c <- cluster
  control <- coxph.control(eps = 1e-11, iter.max = 50)
  fit <- tryCatch(
    if (is.null(cluster)) coxph(formula, data, weights = .w, control = control, model = TRUE, x = TRUE, ...)
    else coxph(formula, data, weights = .w, cluster = .c, control = control, model = TRUE, x = TRUE, ...),
    error = function(e) NULL)
  # A coefficient without bound shows itself by a standard error out of all proportion.
  if (is.null(fit) || anyNA(coef(fit)) || any(sqrt(diag(fit$naive.var %||% fit$var)) > 50)) return(NULL)
  fit
}
`%||%` <- function(a, b) if (is.null(a)) b else a
proportional <- function(fit) {
  p <- tryCatch({ z <- cox.zph(fit, transform = "km", terms = FALSE)$table; z[nrow(z), "p"] }, error = function(e) NA)
  if (is.nan(p)) NA else p
}
log_rank <- function(time, event, group) {
  if (sum(event) == 0 || length(unique(group)) < 2) return(c(NA, NA))
  fit <- tryCatch(survdiff(Surv(time, event) ~ group), error = function(e) NULL)
  if (is.null(fit) || !is.finite(fit$chisq)) return(c(NA, NA))
  # R leaves groups with nothing expected out of the degrees of freedom.
  df <- sum(fit$exp > 0) - 1
  c(fit$chisq, pchisq(fit$chisq, df, lower.tail = FALSE))
}
ratio <- function(estimate, error, df = Inf) {
  reach <- if (is.finite(df)) qt(0.975, df) else Z
  exp(c(estimate, estimate - reach * error, estimate + reach * error))
}
p_of <- function(t, df = Inf) 2 * if (is.finite(df)) pt(-abs(t), df) else pnorm(-abs(t))

# Rubin 1987, 3.3; degrees of freedom by Barnard & Rubin 1999 (share of missing no smaller than 1e-4, as mice).
pool <- function(q, u, complete = Inf) {
  m <- length(q)
  if (m == 1) return(list(q = q, t = u, df = complete, lambda = 0))
  b <- var(q)
  total <- mean(u) + (1 + 1 / m) * b
  share <- max((1 + 1 / m) * b / total, 1e-4)
  old <- (m - 1) / share^2
  observed <- (complete + 1) / (complete + 3) * complete * (1 - share)
  df <- if (is.finite(complete)) old * observed / (old + observed) else old
  list(q = mean(q), t = total, df = df, lambda = (1 + 1 / m) * b / total)
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

# Table 1's tests as docs/methods.md declares them.
test_levels <- function(table) {
  table <- table[rowSums(table) > 0, colSums(table) > 0, drop = FALSE]
  if (min(dim(table)) < 2) return(c(NA, NA))
  expected <- outer(rowSums(table), colSums(table)) / sum(table)
  sparse <- if (all(dim(table) == 2)) any(expected < 5) else any(expected < 1) || mean(expected < 5) > 0.2
  if (!sparse) { x <- chisq.test(table, correct = FALSE); return(c(x$statistic, x$p.value)) }
  # Of larger tables not all are laid out where there are too many (docs/methods.md); how many that is, is not asked here.
  if (any(dim(table) > 2) && sum(table) > if (min(dim(table)) > 2) 50 else 120) return("unknown")
  p <- tryCatch(fisher.test(table, workspace = 2e7)$p.value, error = function(e) NULL)
  if (is.null(p)) "unknown" else c(NA, p)
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

# --- survival ---------------------------------------------------------------------------------------------------
rows_of <- function(d, by, outcome) {
  r <- data.frame(group = words(d, by), months = d[[paste0(outcome, "_days")]] / MONTH,
                  event = d[[paste0(outcome, "_event")]], row = seq_len(nrow(d)))
  r[complete.cases(r), ]
}
MINIMUM_GROUP <- NULL  # of the study
is_small <- function(sizes) min(sizes) < MINIMUM_GROUP
sparse_in <- function(r, groups, minimum)
  is_small(vapply(groups, function(g) sum(r$group == g), 0)) ||
    min(vapply(groups, function(g) sum(r$event[r$group == g]), 0)) < minimum
describe_not <- function(outcome, group, variable = "", times = c(6, 12, 24)) {
  withheld(outcome, group, variable, "", "median")
  for (t in times) withheld(outcome, group, variable, "", paste0("survival_", t, "_months"))
}
describe <- function(outcome, group, fit, n, events, variable = "", times = c(6, 12, 24)) {
  say(outcome, group, variable, "", "n", n)
  say(outcome, group, variable, "", "events", events)
  if (is_small(n)) return(describe_not(outcome, group, variable, times))
  m <- median_of(fit)
  say(outcome, group, variable, "", "median", m[1], m[2], m[3])
  for (t in times) {
    s <- survival_at(fit, t)
    say(outcome, group, variable, "", paste0("survival_", t, "_months"), s[1], s[2], s[3])
  }
}
survival_analysis <- function(d, a) for (outcome in a$outcomes) {
  r <- rows_of(d, a$by, outcome)
  groups <- levels_of(a$by, r$group)
  for (g in groups) {
    x <- r[r$group == g, ]
    describe(outcome, g, km(x$months, x$event), nrow(x), sum(x$event))
    m <- if (is_small(nrow(x))) c(NA, NA, NA) else median_of(km(x$months, x$event, "plain"))
    say(outcome, g, "", "", "median_plain", m[1], m[2], m[3])
  }
  if (length(groups) < 2) next
  pair <- versus(groups)
  sparse <- sparse_in(r, groups, a$minimum_events)
  test <- if (sparse) c(NA, NA) else log_rank(r$months, r$event, r$group)
  say(outcome, pair, "log_rank", "", "p_value", test[2])
  if (!is.na(test[1])) say(outcome, pair, "log_rank", "", "test_statistic", test[1])
  if (length(groups) > 2) next
  if (sparse || is.na(test[2])) {
    withheld(outcome, pair, "", "", "hazard_ratio")
    withheld(outcome, pair, "cox", "", "p_value")
    next
  }
  r$first <- as.numeric(r$group == groups[1])
  fit <- cox_of(Surv(months, event) ~ first, r)
  if (is.null(fit)) { withheld(outcome, pair, "", "", "hazard_ratio"); next }
  b <- coef(fit); se <- sqrt(fit$var[1])
  x <- ratio(b, se)
  say(outcome, pair, "", "", "hazard_ratio", x[1], x[2], x[3])
  say(outcome, pair, "", "", "log_hazard_ratio", b)
  say(outcome, pair, "", "", "log_hazard_ratio_se", se)
  say(outcome, pair, "cox", "", "p_value", p_of(b / se))
  z <- proportional(fit)
  if (!is.na(z)) say(outcome, pair, "", "", "p_value_proportional_hazards", z)
  if (a$by != "pattern" || outcome != "pps") next
  d2 <- keep(d, d$pfs_days > 0)
  fit_ecog <- "ecog" %in% names(d) && length(unique(d$ecog[!blank(d$ecog)])) > 1
  y <- data.frame(group = words(d2, a$by), months = d2$pps_days / MONTH, event = d2$pps_event, late = log(d2$pfs_days),
                  ecog = if (fit_ecog) as.numeric(d2$ecog) else 0)
  y <- y[complete.cases(y), ]
  if (sparse_in(y, groups, a$minimum_events)) next
  y$first <- as.numeric(y$group == groups[1])
  per_variable <- sum(y$event) / (2 + fit_ecog)
  say(outcome, pair, "", "", "events_per_parameter", per_variable)
  if (per_variable < a$minimum_events_per_variable) { withheld(outcome, pair, "", "", "hazard_ratio_adjusted"); next }
  fit <- cox_of(if (fit_ecog) Surv(months, event) ~ first + late + ecog else Surv(months, event) ~ first + late, y)
  if (is.null(fit)) next
  x <- ratio(coef(fit)[1], sqrt(fit$var[1, 1]))
  say(outcome, pair, "", "", "hazard_ratio_adjusted", x[1], x[2], x[3])
  say(outcome, pair, "", "", "p_value_adjusted", p_of(coef(fit)[1] / sqrt(fit$var[1, 1])))
}

# --- after matching ---------------------------------------------------------------------------------------------
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
serves_again <- function(study) any(vapply(seq_along(study$completed), function(i) anyDuplicated(sets_of(study, i)$patient_id) > 0, TRUE))
pooled_step <- function(s, v, level) {
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
      r
    })
    groups <- levels_of(a$by, unlist(lapply(rows, function(r) r$group)))
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
      fits <- lapply(parts, function(r) if (plain) km(r$months, r$event)
                     else km(r$months, r$event, weights = r$w, cluster = if (again) r$patient else r$set))
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
      if (plain) return(log_rank(r$months, r$event, r$group))
      fit <- cox_of(Surv(months, event) ~ first, r, r$w, r$set, ties = "breslow")
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
    fit_by <- function(r, labels) cox_of(Surv(months, event) ~ first, r, r$w, labels)
    fits <- lapply(rows, function(r) if (plain && !clustered) cox_of(Surv(months, event) ~ first, r) else fit_by(r, r$set))
    if (any(vapply(fits, is.null, TRUE))) { withheld(outcome, pair, "", "", "hazard_ratio"); next }
    complete <- if (m > 1) max(min(vapply(people, function(r) sum(r$event), 0)) - 1, 1) else Inf
    n_sets <- min(vapply(rows, function(r) length(unique(r$set)), 0))
    if (clustered && n_sets <= FEW_SETS) complete <- min(complete, max(n_sets - 1, 1))
    x <- pool(vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
    se <- sqrt(x$t)
    hr <- ratio(x$q, se, x$df)
    say(outcome, pair, "", "", "hazard_ratio", hr[1], hr[2], hr[3])
    say(outcome, pair, "", "", "log_hazard_ratio", x$q)
    say(outcome, pair, "", "", "log_hazard_ratio_se", se)
    say(outcome, pair, "cox", "", "p_value", p_of(x$q / se, x$df))
    if (m > 1) say(outcome, pair, "", "", "variance_share_between_imputations", x$lambda)
    if (clustered && again) {
      # Austin & Cafri 2020: by sets, plus by patients, less by both.
      v <- vapply(rows, function(r) {
        one <- function(labels) { k <- length(unique(labels)); k / (k - 1) * fit_by(r, labels)$var[1] }
        one(r$set) + one(r$patient) - one(paste(r$set, r$patient))
      }, 0)
      if (all(v > 0)) {
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
      fit <- if (plain) cox_of(Surv(months, event) ~ first, r) else cox_of(Surv(months, event) ~ first, r, weights = r$w)
      if (is.null(fit)) NA else proportional(fit)
    }, 0)
    if (any(!is.na(z))) say(outcome, pair, "", "", "p_value_proportional_hazards", median(z, na.rm = TRUE))
  }
}

# --- Table 1 ----------------------------------------------------------------------------------------------------
# `everybody`: all imputations together; their groups and levels are those of the table, whoever is in one of them.
baseline_one <- function(d, a, smd = TRUE, everybody = d) {
  d <- keep(d, !blank(words(d, a$by))); everybody <- keep(everybody, !blank(words(everybody, a$by)))
  of <- words(d, a$by)
  groups <- levels_of(a$by, words(everybody, a$by))
  inside <- c(list(rep(TRUE, nrow(d))), lapply(groups, function(g) of == g))
  labels <- c("all", groups)
  pair <- versus(groups)
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
      test <- test_levels(table)
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
    part <- strsplit(name, "\t", fixed = TRUE)[[1]]
    found <- lapply(each, function(x) x[[name]])
    found <- found[!vapply(found, is.null, TRUE)]
    numbers <- do.call(rbind, found)
    average <- function(x) if (all(is.na(x))) NA else mean(x, na.rm = TRUE)
    if (length(each) == 1) answers[[name]] <<- found[[1]]
    else if (part[5] %in% c("test_statistic", "z_statistic")) {
      p_of_all <- lapply(each, function(x) x[[paste(c(part[1:4], "p_value"), collapse = "\t")]])
      if (any(vapply(p_of_all, is.null, TRUE))) next
      p_of_all <- vapply(p_of_all, function(x) x[1], 0)
      at <- if (anyNA(p_of_all)) NA else median_at(p_of_all)
      if (!is.na(at) && !is.null(each[[at]][[name]])) answers[[name]] <<- each[[at]][[name]]
    }
    else if (part[5] == "p_value" && length(found) < length(each)) next  # not asked of one of them
    else if (part[5] == "p_value") answers[[name]] <<- c(median(numbers[, 1]), NA, NA)  # none where an imputation has none
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

# --- balance of the matching ------------------------------------------------------------------------------------
usable <- function(d, names) names[vapply(names, function(n) n %in% names(d) && !anyNA(d[[n]]) && length(unique(d[[n]])) > 1, TRUE)]
balance_analysis <- function(study) {
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
  all$key <- paste(all$variable, all$level, sep = "\t")
  for (key in unique(all$key)) {
    x <- all[all$key == key, ]
    own <- c("balance\tmatched", "", x$variable[1], x$level[1])
    say(own[1], own[2], own[3], own[4], "smd_before", mean(x$before))
    say(own[1], own[2], own[3], own[4], "smd_after", mean(x$after))
    say(own[1], own[2], own[3], own[4], "smd_after_absolute", mean(abs(x$after)))
    say(own[1], own[2], own[3], own[4], "smd_after_maximum", max(abs(x$after)))
    if (all(is.finite(c(x$ratio_before, x$ratio_after))) && all(c(x$ratio_before, x$ratio_after) > 0)) {
      say(own[1], own[2], own[3], own[4], "variance_ratio_before", mean(x$ratio_before))
      say(own[1], own[2], own[3], own[4], "variance_ratio_after", mean(x$ratio_after))
    }
  }
  # The gate judges levels and numbers, not at the distance of a whole factor.
  part <- all[all$kind != "factor", ]
  say("matching\tmatched", "", "", "", "largest_smd", max(tapply(abs(part$after), part$key, mean)))
  say("matching\tmatched", "", "", "", "maximum_smd", max(abs(part$after)))
  m <- length(study$completed)
  if (m > 1 && all(is.finite(part$after))) {  # by imputation, which come one after the other
    sizes <- do.call(cbind, tapply(abs(part$after), part$key, identity, simplify = FALSE))
    left <- vapply(seq_len(m), function(i) max(colMeans(sizes[-i, , drop = FALSE])), 0)
    say("matching\tmatched", "", "", "", "monte_carlo_error_of_smd", sqrt((m - 1) / m * sum((left - mean(left))^2)))
  }
  n <- vapply(seq_along(study$completed), function(i) sum(study$pairs$imputation == i), 0)
  say("matching\tmatched", "", "", "", "n_pairs", mean(n), min(n), max(n))
}

# --- of the whole study -------------------------------------------------------------------------------------------
flow_analysis <- function(study) {
  p <- study$patients$population
  say("flow\tscreened", "", "", "", "n", NaN)
  say("flow\ttreated", "", "", "", "n", sum(p %in% c("treated", "progressed")))
  say("flow\tprogressed", "", "", "", "n", sum(p == "progressed"))
  for (g in LEVELS$pattern) say("flow\tprogressed\tpattern", g, "", "", "n", sum(study$patients$pattern[p == "progressed"] %in% g))
}
imputation_analysis <- function(study) for (found in study$every) {
  first <- found$cohorts[[1]]
  observed <- keep(study$patients, match(first$patient_id, study$patients$patient_id))
  of <- words(first, found$by)
  analysis <- paste0("imputation\t", found$population)
  usual <- found$population == "progressed" && found$by == "pattern"
  if (length(found$imputed)) say(paste0(analysis, if (usual) "" else paste0("\t", found$by)), "", "", "", "percent_incomplete",
    100 * mean(!complete.cases(observed[, found$imputed, drop = FALSE])))
  for (v in found$imputed) {
    say(paste0(analysis, if (usual) "" else paste0("\t", found$by)), "", v, "", "percent_missing", 100 * mean(blank(observed[[v]])))
    if (!is_levels(observed, v)) next
    for (l in unique(unlist(lapply(found$cohorts, words, v)))) for (g in c("all", unique(of))) {
      inside <- g == "all" | of == g
      n <- vapply(found$cohorts, function(d) sum(words(d, v)[inside] == l), 0)
      say(paste0(analysis, "\t", found$by), g, v, l, "n", mean(n), min(n), max(n))
      n <- 100 * n / sum(inside)
      say(paste0(analysis, "\t", found$by), g, v, l, "percent", mean(n), min(n), max(n))
    }
  }
}

# --- unbiased time ----------------------------------------------------------------------------------------------
STATES <- c("no_progression", "oligoprogression", "systemic")
PAIRS <- list(c(2, 3), c(2, 1), c(3, 1))
landmark_analysis <- function(d, a) {
  if (all(d$progressed == "yes")) return(withheld("os", "", "", "", "n"))
  for (at in c(3, 6, 9)) {
    day <- at * MONTH
    before <- !blank(d$progressed_day) & d$progressed_day <= day
    r <- data.frame(group = ifelse(before, d$pattern, STATES[1]), months = (d$os_days - day) / MONTH, event = d$os_event)
    r <- r[which(d$os_days > day), ]
    r <- r[complete.cases(r), ]
    variable <- paste0("landmark_", at, "_months")
    for (s in STATES) {
      x <- r[r$group == s, ]
      if (nrow(x)) describe("os", s, km(x$months, x$event), nrow(x), sum(x$event), variable, c())
      else say("os", s, variable, "", "n", 0)
    }
    for (p in PAIRS) {
      two <- STATES[p]
      x <- r[r$group %in% two, ]
      pair <- versus(two)
      if (sparse_in(x, two, a$minimum_events)) { withheld("os", pair, variable, "", "hazard_ratio"); next }
      x$first <- as.numeric(x$group == two[1])
      test <- log_rank(x$months, x$event, x$group)
      fit <- if (is.na(test[2])) NULL else cox_of(Surv(months, event) ~ first, x)
      if (is.null(fit)) { withheld("os", pair, variable, "", "hazard_ratio"); next }
      hr <- ratio(coef(fit), sqrt(fit$var[1]))
      say("os", pair, variable, "", "hazard_ratio", hr[1], hr[2], hr[3])
      z <- proportional(fit)
      if (!is.na(z)) say("os", pair, variable, "", "p_value_proportional_hazards", z)
      say("os", pair, variable, "", "p_value", test[2])
      if (!is.na(test[1])) say("os", pair, variable, "", "test_statistic", test[1])
    }
  }
}
time_dependent_analysis <- function(d, a) {
  if (all(d$progressed == "yes")) return(withheld("os", "", "", "", "hazard_ratio"))
  d <- d[which(d$os_days > 0), ]
  over <- !blank(d$progressed_day) & d$progressed_day <= d$os_days
  leaves <- over & blank(d$pattern)  # from the progression on the state is not known
  change <- pmax(d$progressed_day, 0)
  end <- ifelse(leaves, change, ifelse(over, pmax(d$os_days, d$progressed_day + 0.5), d$os_days))
  event <- ifelse(leaves, 0, d$os_event)
  changed <- over & !leaves
  r <- rbind(
    data.frame(id = d$patient_id, state = STATES[1], start = 0, stop = ifelse(changed, change, end), event = ifelse(changed, 0, event)),
    data.frame(id = d$patient_id, state = d$pattern, start = change, stop = end, event = event)[changed, ])
  r <- r[r$stop > r$start, ]
  r$start <- r$start / MONTH; r$stop <- r$stop / MONTH
  events <- vapply(STATES, function(s) sum(r$event[r$state == s]), 0)
  for (s in STATES) say("os", s, "", "", "events", events[[s]])
  r$oligo <- as.numeric(r$state == STATES[2]); r$systemic <- as.numeric(r$state == STATES[3])
  fit <- cox_of(Surv(start, stop, event) ~ oligo + systemic, r)
  tested <- FALSE
  for (p in PAIRS) {
    pair <- versus(STATES[p])
    sizes <- vapply(STATES[p], function(s) length(unique(r$id[r$state == s])), 0)
    if (is_small(sizes) || min(events[p]) < a$minimum_events) { withheld("os", pair, "", "", "hazard_ratio"); next }
    if (is.null(fit)) next
    contrast <- as.numeric(c(2, 3) == p[1]) - as.numeric(c(2, 3) == p[2])
    b <- sum(contrast * coef(fit)); se <- sqrt(drop(t(contrast) %*% fit$var %*% contrast))
    hr <- ratio(b, se)
    say("os", pair, "", "", "hazard_ratio", hr[1], hr[2], hr[3])
    say("os", pair, "", "", "p_value", p_of(b / se))
    tested <- TRUE
  }
  if (tested) say("os", "", "", "", "p_value_proportional_hazards", proportional(fit))
}

# --- competing risks --------------------------------------------------------------------------------------------
CAUSES <- c("oligoprogression", "systemic", "death_without_progression", "progression_without_pattern")
# Fine & Gray 1999: who had another event stays at risk, by the share not censored since; at a time of both, events and
# censorings have the same patients at risk.
subdistribution_rows <- function(months, cause, first, code) {
  times <- sort(unique(months))
  left <- cumprod(1 - vapply(times, function(t) sum(cause == 0 & months == t) / sum(months >= t), 0))
  before <- function(t) c(1, left)[findInterval(t, times, left.open = TRUE) + 1]
  events <- sort(unique(months[cause == code]))
  do.call(rbind, lapply(seq_along(months), function(i) {
    own <- data.frame(start = 0, stop = months[i], status = as.numeric(cause[i] == code), weight = 1, first = first[i])
    later <- events[events > months[i]]
    if (cause[i] %in% c(0, code) || !length(later)) return(own)
    rbind(own, data.frame(start = c(months[i], later[-length(later)]), stop = later, status = 0,
                          weight = before(later) / before(months[i]), first = first[i]))
  }))
}
competing_analysis <- function(d, a) {
  if (all(d$progressed == "yes")) return(withheld("", "", "", "", "incidence"))
  d <- keep(d, !blank(d$pfs_days))
  d$months <- d$pfs_days / MONTH
  d$cause <- ifelse(d$pfs_event == 0, 0, ifelse(blank(d$progressed_day), 3, ifelse(d$pattern %in% CAUSES[1], 1, ifelse(d$pattern %in% CAUSES[2], 2, 4))))
  say("", "", "", "", "n", nrow(d))
  here <- intersect(1:4, sort(unique(d$cause)))
  fit <- survfit(Surv(months, factor(cause, c(0, 1, 2, 3, 4))) ~ 1, d, conf.type = "log-log")
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
  for (v in a$variables) {
    if (!(v %in% names(d)) || !is_levels(d, v)) next
    x <- keep(d, !blank(words(d, v)))
    of <- words(x, v)
    levels <- levels_of(v, of)
    if (length(levels) != 2) next
    for (code in 1:2) {
      pair <- versus(levels)
      x$first <- as.numeric(of == levels[1])
      if (sum(x$cause == code) == 0) next
      if (is_small(c(sum(x$first == 1), sum(x$first == 0))) ||
          min(sum(x$cause == code & x$first == 1), sum(x$cause == code & x$first == 0)) < a$minimum_events) {
        withheld(CAUSES[code], "", v, "", "p_value_gray")
        withheld(CAUSES[code], "", v, pair, "subdistribution_hazard_ratio")
        next
      }
      cs <- cox_of(Surv(months, cause == code) ~ first, x)
      if (!is.null(cs)) {
        hr <- ratio(coef(cs), sqrt(cs$var[1]))
        say(CAUSES[code], "", v, pair, "cause_specific_hazard_ratio", hr[1], hr[2], hr[3])
        say(CAUSES[code], "", v, pair, "p_value_cause_specific", p_of(coef(cs) / sqrt(cs$var[1])))
      }
      fg <- subdistribution_rows(x$months, x$cause, x$first, code)
      fg$stop <- ifelse(fg$stop == 0, 1e-4, fg$stop)  # an event on day 0 needs an interval
      fg <- cox_of(Surv(start, stop, status) ~ first, fg[fg$weight > 0 & fg$stop > fg$start, ],
                   fg$weight[fg$weight > 0 & fg$stop > fg$start], ties = "breslow")
      # Ties as in the paper (Breslow); its limits are those of another variance in R than in the paper: not recomputed.
      if (!is.null(fg)) say(CAUSES[code], "", v, pair, "subdistribution_hazard_ratio", exp(coef(fg)), NaN, NaN)
    }
  }
}

# --- the rest ---------------------------------------------------------------------------------------------------
response_rate_analysis <- function(d, a) {
  d <- keep(d, !blank(words(d, a$by)))
  of <- words(d, a$by)
  groups <- levels_of(a$by, of)
  r <- d$reported_response
  say_rate <- function(g, inside) {
    n <- sum(inside)
    o <- "best_response"
    say(o, g, "", "", "n", n)
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
  for (g in groups) say_rate(g, of == g)
  if (length(groups) >= 2) for (rate in names(RATES)) {
    yes <- vapply(groups, function(g) sum(r[of == g] %in% RATES[[rate]]), 0)
    sizes <- vapply(groups, function(g) sum(of == g), 0)
    test <- if (is_small(sizes)) c(NA, NA) else test_levels(rbind(yes, sizes - yes))
    if (identical(test, "unknown")) next
    say("best_response", versus(groups), rate, "", "p_value", test[2])
    if (!is.na(test[1])) say("best_response", versus(groups), rate, "", "test_statistic", test[1])
  }
}
RATES <- list(orr = c("CR", "PR"), dcr = c("CR", "PR", "SD", "NON_CR_NON_PD"))

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
reclassification_analysis <- function(study, d, a) {
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
    fit <- if (!sparse_in(r, groups, a$minimum_events) && !is.na(log_rank(r$months, r$event, r$group)[2]))
      cox_of(Surv(months, event) ~ first, r)
    if (is.null(fit)) { say_ratio(NA); next }
    x <- ratio(coef(fit), sqrt(fit$var[1]))
    say_ratio(x[1], x[2], x[3])
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
follow_up_analysis <- function(d, a) {
  here <- !blank(d$os_days) & !blank(d$os_event)
  if (!any(here)) return(invisible())
  m <- median_of(km(d$os_days[here] / MONTH, 1 - d$os_event[here]))
  say("", "", "", "", "median", m[1], m[2], m[3])
}
timing_analysis <- function(d, a) {
  r <- data.frame(group = words(d, a$by), months = d$progressed_day / MONTH)
  r <- r[complete.cases(r), ]
  groups <- levels_of(a$by, r$group)
  say(a$by, "all", "", "", "n", nrow(r))
  for (g in groups) say(a$by, g, "", "", "n", sum(r$group == g))
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
        say(a$by, g, v, l, "n", k)
        if (n) { x <- clopper(k, n); say(a$by, g, v, l, "percent", x[1], x[2], x[3]) }
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
    } else test <- test_levels(unclass(table))
    if (identical(test, "unknown")) next
    say(a$by, pair, v, "", "p_value", test[2])
    if (!is.na(test[1])) say(a$by, pair, v, "", "test_statistic", test[1])
  }
}
sites_analysis <- function(d, a) {
  organs <- function(x) lapply(strsplit(ifelse(blank(x), "", x), ";"), function(o) unique(o[o != ""]))
  d <- keep(d, !blank(words(d, a$by)) & !blank(d$progressing_organs) & d$progressing_organs != "")
  of <- words(d, a$by)
  at <- organs(d$progressing_organs); before <- organs(d$all_baseline_organs)
  holds <- function(lists, organ) vapply(lists, function(o) organ %in% o, TRUE)
  for (g in c("all", levels_of(a$by, of))) {
    inside <- if (g == "all") rep(TRUE, nrow(d)) else of == g
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
subgroups_analysis <- function(d, a) for (outcome in a$outcomes) for (v in a$variables) {
  if (!(v %in% names(d)) || !is_levels(d, v)) next
  # A variable of one level makes no subgroups: its only ratio is that of everybody.
  if (nrow(d) && length(levels_of(v, words(d, v))) < 2) { withheld(outcome, "", v, "", "p_value_interaction"); next }
  r <- rows_of(d, a$by, outcome)
  r$level <- words(d, v)[r$row]
  r <- r[!blank(r$level), ]
  groups <- levels_of(a$by, r$group)
  if (length(groups) != 2) next
  pair <- versus(groups)
  r$first <- as.numeric(r$group == groups[1])
  given <- 0; sparse <- FALSE
  for (l in levels_of(v, r$level)) {
    x <- r[r$level == l, ]
    if (sparse_in(x, groups, a$minimum_events)) { sparse <- TRUE; withheld(outcome, pair, v, l, "hazard_ratio"); next }
    given <- given + 1
    fit <- cox_of(Surv(months, event) ~ first, x)
    if (is.null(fit)) { withheld(outcome, pair, v, l, "hazard_ratio"); next }
    hr <- ratio(coef(fit), sqrt(fit$var[1]))
    say(outcome, pair, v, l, "hazard_ratio", hr[1], hr[2], hr[3])
  }
  if (sparse || given < 2) { withheld(outcome, pair, v, "", "p_value_interaction"); next }
  r$level <- factor(r$level)
  smaller <- coxph(Surv(months, event) ~ first + level, r, control = coxph.control(eps = 1e-11, iter.max = 50))
  larger <- coxph(Surv(months, event) ~ first * level, r, control = coxph.control(eps = 1e-11, iter.max = 50))
  df <- sum(!is.na(coef(larger))) - sum(!is.na(coef(smaller)))
  if (df > 0) say(outcome, pair, v, "", "p_value_interaction",
                  pchisq(2 * (larger$loglik[2] - smaller$loglik[2]), df, lower.tail = FALSE))
}

# --- models of completed cohorts ----------------------------------------------------------------------------------
separated <- function(fit) any(abs(coef(fit)) > 12 & sqrt(diag(vcov(fit))) > 50, na.rm = TRUE) || !fit$converged
logit_of <- function(formula, data) glm(formula, binomial, data, control = glm.control(epsilon = 1e-14, maxit = 60))
columns_of <- function(d, v, everybody = d) {
  if (!is_levels(everybody, v)) return(list(`per unit` = as.numeric(d[[v]])))
  x <- words(d, v); levels <- levels_of(v, words(everybody, v))
  reference <- if (v %in% FIRST_IS_REFERENCE) levels[1] else levels[length(levels)]
  others <- setdiff(levels, reference)
  setNames(lapply(others, function(l) as.numeric(x == l)), paste(others, "vs", reference))
}
predictors_analysis <- function(study, a) {
  cohorts <- lapply(study$completed, select, a)
  of <- lapply(cohorts, words, a$by)
  groups <- levels_of(a$by, unlist(of))
  o <- a$by
  if (length(groups) != 2) return(withheld(o, "", "", "", "odds_ratio_multivariable"))
  pair <- versus(rev(groups))
  if (min(vapply(of, function(x) min(table(factor(x, groups))), 0)) < max(a$minimum_events, MINIMUM_GROUP)) return(withheld(o, pair, "", "", "odds_ratio_multivariable"))
  variables <- Filter(function(v) all(vapply(cohorts, function(d) length(usable(d, v)) == 1, TRUE)), a$variables)
  variables <- setdiff(variables, a$by)
  everybody <- together(cohorts, variables)
  fit_all <- function(names, kind) {
    designs <- lapply(cohorts, function(d) {
      columns <- lapply(names, function(v) columns_of(d, v, everybody))
      list(x = do.call(cbind, lapply(columns, function(c) do.call(cbind, c))), y = as.numeric(words(d, a$by) == groups[2]),
           variable = rep(names, lengths(columns)), level = unlist(lapply(columns, base::names)))
    })
    if (all(vapply(designs[-1], function(z) identical(z, designs[[1]]), TRUE))) designs <- designs[1]
    per_variable <- min(vapply(designs, function(z) min(sum(z$y), sum(1 - z$y)), 0)) / ncol(designs[[1]]$x)
    if (kind == "multivariable") {
      say(o, pair, "", "", "events_per_parameter", per_variable)
      if (per_variable < a$minimum_events_per_variable) {
        for (i in seq_along(designs[[1]]$variable))
          withheld(o, pair, designs[[1]]$variable[i], designs[[1]]$level[i], "odds_ratio_multivariable")
        return(invisible())
      }
    }
    fits <- lapply(designs, function(z) logit_of(y ~ x, list(y = z$y, x = z$x)))
    if (any(vapply(fits, separated, TRUE)) || anyNA(unlist(lapply(fits, coef)))) return(invisible())
    z <- designs[[1]]
    k <- length(z$variable); n <- length(z$y)
    df <- if (length(fits) > 1) n - k - 1 else Inf
    estimates <- do.call(rbind, lapply(fits, function(f) coef(f)[-1]))
    covariances <- lapply(fits, function(f) vcov(f)[-1, -1, drop = FALSE])
    for (i in seq_len(k)) {
      x <- pool(estimates[, i], vapply(covariances, function(v) v[i, i], 0), df)
      or <- ratio(x$q, sqrt(x$t), x$df)
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
weighting_analysis <- function(study, a) {
  cohorts <- lapply(study$completed, function(d) { d <- select(d, a); keep(d, !blank(words(d, a$by))) })
  groups <- levels_of(a$by, unlist(lapply(cohorts, words, a$by)))
  if (length(groups) != 2) return(invisible())
  scored <- lapply(cohorts, function(d) {
    names <- setdiff(usable(d, unlist(study$settings$matching$covariates)), a$by)
    first <- as.numeric(words(d, a$by) == groups[1])
    if (!length(names) || min(sum(first), sum(!first)) < study$settings$matching$minimum_group) return(NULL)
    x <- do.call(cbind, unlist(lapply(names, function(v) columns_of(d, v)), recursive = FALSE))
    fit <- logit_of(first ~ x, list(first = first, x = x))
    if (separated(fit)) return(NULL)
    list(d = d, first = first, e = fitted(fit), per_variable = min(sum(first), sum(!first)) / sum(!is.na(coef(fit)[-1])))
  })
  if (any(vapply(scored, is.null, TRUE))) return(invisible())
  per_variable <- min(vapply(scored, function(s) s$per_variable, 0))
  if (per_variable < study$settings$matching$minimum_events_per_variable) {
    for (outcome in a$outcomes) withheld(outcome, versus(groups), "", "", "hazard_ratio")
    return(invisible())
  }
  say("", versus(groups), "", "", "events_per_parameter", per_variable)
  targets <- list(
    ate = function(g, e) ifelse(g == 1, mean(g) / e, (1 - mean(g)) / (1 - e)),
    att = function(g, e) ifelse(g == 1, 1, e / (1 - e)),
    overlap = function(g, e) ifelse(g == 1, 1 - e, e))
  for (target in names(targets)) {
    weights <- lapply(scored, function(s) targets[[target]](s$first, s$e))
    worth <- lapply(1:2, function(i) mapply(function(s, w) { w <- w[s$first == 2 - i]; sum(w)^2 / sum(w^2) }, scored, weights))
    for (i in 1:2) say("", groups[i], target, "", "effective_n", mean(worth[[i]]))
    if (is_small(unlist(worth))) {
      for (outcome in a$outcomes) withheld(outcome, versus(groups), target, "", "hazard_ratio")
      next
    }
    for (outcome in a$outcomes) {
      rows <- mapply(function(s, w) { r <- rows_of(s$d, a$by, outcome); r$w <- w[r$row]; r }, scored, weights, SIMPLIFY = FALSE)
      pair <- versus(groups)
      if (any(vapply(rows, sparse_in, TRUE, groups, a$minimum_events))) { withheld(outcome, pair, target, "", "hazard_ratio"); next }
      fits <- lapply(rows, function(r) {
        r$first <- as.numeric(r$group == groups[1])
        cox_of(Surv(months, event) ~ first, r, weights = r$w, cluster = seq_len(nrow(r)))
      })
      if (any(vapply(fits, is.null, TRUE))) next
      complete <- if (length(fits) > 1) max(min(vapply(rows, function(r) sum(r$event), 0)) - 1, 1) else Inf
      x <- pool(vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
      hr <- ratio(x$q, sqrt(x$t), x$df)
      say(outcome, pair, target, "", "hazard_ratio", hr[1], hr[2], hr[3])
      say(outcome, pair, target, "", "p_value", p_of(x$q / sqrt(x$t), x$df))
    }
  }
}

# --- one study ----------------------------------------------------------------------------------------------------
select <- function(d, a) {
  for (column in names(a$where)) d <- keep(d, words(d, column) == a$where[[column]])
  d
}
read_csv <- function(file, kinds = NULL) {
  d <- read.csv(file, stringsAsFactors = FALSE, na.strings = "", check.names = FALSE, colClasses = "character", encoding = "UTF-8")
  for (name in names(d)) if (!is.null(kinds) && kinds[[name]] %in% c("integer", "number")) d[[name]] <- as.numeric(d[[name]])
  attr(d, "kinds") <- kinds
  d
}
read_study <- function(folder) {
  file <- function(name) file.path(folder, name)
  columns <- read.csv(file("columns.csv"), stringsAsFactors = FALSE)
  kinds <- setNames(as.list(columns$kind), columns$name)
  study <- list(settings = read_json(file("settings.json")), patients = read_csv(file("patients.csv"), kinds),
                definitions = read_csv(file("definitions.csv")))
  for (name in list.files(folder, "^completed[.]")) {
    drawn <- read_csv(file(name))
    imputed <- setdiff(names(drawn), c("imputation", "patient_id"))
    cohorts <- lapply(sort(unique(as.integer(drawn$imputation))), function(i) {
      x <- drawn[drawn$imputation == i, ]
      d <- keep(study$patients, match(x$patient_id, study$patients$patient_id))
      for (column in imputed) d[[column]] <- if (kinds[[column]] %in% c("integer", "number")) as.numeric(x[[column]]) else x[[column]]
      attr(d, "kinds") <- kinds
      d
    })
    part <- strsplit(name, ".", fixed = TRUE)[[1]]
    study$every[[paste(part[2], part[3])]] <- list(population = part[2], by = part[3], imputed = imputed, cohorts = cohorts)
  }
  study$completed <- study$every[["progressed pattern"]]$cohorts  # those that are matched
  if (file.exists(file("pairs.csv"))) {
    study$pairs <- read_csv(file("pairs.csv"))
    study$pairs$imputation <- as.integer(study$pairs$imputation)
  }
  study
}
analyse <- function(study, a) {
  answers <<- list()
  a$outcomes <- unlist(a$outcomes); a$variables <- unlist(a$variables)
  if (a$kind %in% c("predictors", "weighting")) {
    study$completed <- (study$every[[paste(a$population, a$by)]] %||% study$every[[paste(a$population, "pattern")]])$cohorts
    if (is.null(study$completed)) return(answers)
  }
  if (a$population == "matched") {
    if (is.null(study$pairs) || !nrow(study$pairs)) return(answers)
    # Balance that was missed seals every outcome, unless study.yaml gives a reason.
    if (a$kind == "survival" && study$missed && is.null(study$settings$matching$unseal)) {
      for (outcome in a$outcomes) withheld(outcome, "", "", "", "hazard_ratio")
      return(answers)
    }
    if (a$kind == "survival") survival_matched(study, a)
    if (a$kind == "baseline") baseline_matched(study, a)
    return(answers)
  }
  inside <- if (a$population == "progressed") "progressed" else c("treated", "progressed")
  d <- select(keep(study$patients, study$patients$population %in% inside), a)
  if (!nrow(d)) {  # no patient has these values: there is no analysis, and no counts of 0
    if (a$kind %in% c("baseline", "sites", "timing")) withheld(a$by, "", "", "", "n")
    return(answers)
  }
  if (a$kind == "baseline") baseline_one(d, a)
  if (a$kind == "survival") survival_analysis(d, a)
  if (a$kind == "response_rate") response_rate_analysis(d, a)
  if (a$kind == "sites") sites_analysis(d, a)
  if (a$kind == "reclassification") reclassification_analysis(study, d, a)
  if (a$kind == "predictors") predictors_analysis(study, a)
  if (a$kind == "landmark") landmark_analysis(d, a)
  if (a$kind == "time_dependent") time_dependent_analysis(d, a)
  if (a$kind == "competing_risks") competing_analysis(d, a)
  if (a$kind == "subgroups") subgroups_analysis(d, a)
  if (a$kind == "weighting") weighting_analysis(study, a)
  if (a$kind == "follow_up") follow_up_analysis(d, a)
  if (a$kind == "timing") timing_analysis(d, a)
  answers
}
number <- function(x) ifelse(is.nan(x), '"?"', ifelse(is.na(x), "null", ifelse(is.infinite(x), ifelse(x > 0, '"Inf"', '"-Inf"'),
                      sub("^\\s+", "", formatC(x, digits = 10, format = "g", width = 1)))))
as_json <- function(found) paste0("{", paste0(vapply(names(found), function(n) {
  x <- found[[n]]
  paste0(encodeString(n, quote = '"'), ":[", paste(number(if (all(is.na(x[2:3]) & !is.nan(x[2:3]))) x[1] else x), collapse = ","), "]")
}, ""), collapse = ","), "}")

folders <- sort(list.dirs(arguments[1], recursive = FALSE))
lines <- vapply(folders, function(folder) {
  study <- read_study(folder)
  MINIMUM_GROUP <<- study$settings$matching$minimum_group
  answers <<- list()
  if (!is.null(study$pairs) && nrow(study$pairs)) {
    balance_analysis(study)
    study$missed <- answers[[grep("largest_smd$", names(answers))]][1] > study$settings$matching$balance_limit
  }
  parts <- lapply(study$settings$analyses, function(a) tryCatch(analyse(study, a), error = function(e) {
    message(basename(folder), " ", a$kind, ": ", conditionMessage(e))
    list()
  }))
  answers <<- list()
  flow_analysis(study)
  imputation_analysis(study)
  if (!is.null(study$pairs) && nrow(study$pairs)) balance_analysis(study)
  whole <- answers
  names(whole) <- sub("^([^\t]*\t[^\t]*)\t(?=([^\t]*\t){3}[^\t]*$)", "\\1\t\t", names(whole), perl = TRUE)
  paste0('"', basename(folder), '":{"study":', as_json(whole), ',"analyses":[', paste(vapply(parts, as_json, ""), collapse = ","), "]}")
}, "")
versions <- paste0('"r":"', R.version.string, '","survival":"', packageVersion("survival"), '"')
writeLines(paste0("{\"made_by\":{", versions, "},\n\"answers\":{", paste(lines, collapse = ",\n"), "}}"), arguments[2])
