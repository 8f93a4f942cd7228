# The main analyses of this folder once more, in R, apart from the program that wrote it.
#
#   Rscript analysis.R
#
# reads patients.csv (and definitions.csv, covariates.csv, imputed.csv and matched_pairs.csv where they are here), computes each number and prints it
# beside that of results.csv with the difference. It ends with status 1 where one differs by more than 1e-6 of its size.
# It needs R and its package survival, and changes no file.

YES_NO <- character()  # columns of true and false

# ---- reading ------------------------------------------------------------------------------------
suppressPackageStartupMessages(library(survival))
if (getRversion() < "4.0.0" || packageVersion("survival") < "3.2.0") stop("R 4.0 and survival 3.2, or later, are needed")
options(warn = -1)
MONTH <- 30.4375  # days
Z <- qnorm(0.975)

folder <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file)) dirname(gsub("~+~", " ", file[1], fixed = TRUE)) else getwd()
})

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
  setNames(cells, names)
}

results <- read_cells("results.csv")
KEYS <- c("analysis", "population", "outcome", "group", "variable", "level", "statistic")
key_of <- function(parts) do.call(paste, c(lapply(parts, function(x) ifelse(is.na(x), "", x)), sep = "\x1f"))
results$key <- key_of(results[KEYS])

everyone <- read_cells("patients.csv")
if (file.exists(file.path(folder, "covariates.csv"))) {
  more <- read_cells("covariates.csv")
  everyone[names(more)] <- more[match(everyone$patient_id, more$patient_id), ]
}
imputed <- if (file.exists(file.path(folder, "imputed.csv"))) read_cells("imputed.csv")
matched_pairs <- if (file.exists(file.path(folder, "matched_pairs.csv"))) read_cells("matched_pairs.csv")

number <- function(d, name) as.numeric(d[[name]])
words <- function(d, name) {
  x <- d[[name]]
  if (name %in% YES_NO) ifelse(x == "true", "yes", ifelse(x == "false", "no", x)) else x
}
# Patients of a population who have these levels.
having <- function(d, where) {
  for (one in where) {
    x <- if (one$number) number(d, one$column) == as.numeric(one$word) else words(d, one$column) == one$word
    d <- d[which(x), , drop = FALSE]
  }
  d
}
patients <- function(population, where = list()) {
  inside <- if (population == "progressed") "progressed" else c("treated", "progressed")
  having(everyone[everyone$population %in% inside, , drop = FALSE], where)
}
# Patients of a population who have a group, with the values that were drawn for them in one imputation.
completed <- function(population, by, imputation) {
  d <- patients(population)
  d <- d[!is.na(words(d, by)), , drop = FALSE]
  if (is.null(imputed)) return(d)
  drawn <- imputed[imputed$population == population & imputed$grouping == by & imputed$imputation == imputation, ]
  for (name in unique(drawn$variable)) {
    one <- drawn[drawn$variable == name, ]
    d[match(one$patient_id, d$patient_id), name] <- one$value
  }
  d
}

# ---- comparing ----------------------------------------------------------------------------------
compared <- list()
is_near <- function(ours, theirs, statistic) {
  if (is.na(ours) || is.na(theirs)) return(is.na(ours) && (is.na(theirs) || is.infinite(theirs)))
  apart <- abs(ours - theirs)
  apart <= 1e-6 * max(abs(ours), abs(theirs)) || (!grepl("^p_value", statistic) && apart < 1e-10)
}
# `at`: the keys of a row without its statistic. A number that was withheld is not compared.
same <- function(at, statistic, value, low = NULL, high = NULL) {
  row <- match(key_of(as.list(c(at, statistic))), results$key)
  if (is.na(row) || is.na(results$value[row])) return(invisible())
  theirs <- list(value = value, low = low, high = high)
  for (part in names(theirs)) if (!is.null(theirs[[part]])) {
    ours <- as.numeric(results[[part]][row]); r <- as.numeric(theirs[[part]])
    if (length(r) != 1) r <- NA
    if (part != "value" && is.na(ours) && is.na(r)) next
    compared[[length(compared) + 1]] <<- data.frame(row = row, part = part, ours = ours, r = r,
                                                    same = is_near(ours, r, statistic))
  }
  invisible()
}
finish <- function() {
  found <- do.call(rbind, compared)
  if (is.null(found)) {
    cat("Nothing was compared: results.csv holds no number of an analysis that is computed here.\n")
    quit(status = 0)
  }
  at <- function(row) vapply(row, function(i) paste(na.omit(unlist(results[i, KEYS])), collapse = " | "), "")
  cat("Row of results.csv; its number; R's; the difference over the larger of them.\n\n")
  cat(sprintf("%6s  %-5s %24s %24s %9s %s  %s\n", found$row + 1, found$part,
              format(found$ours, digits = 16, width = 1), format(found$r, digits = 16, width = 1),
              format(abs(found$ours - found$r) / pmax(abs(found$ours), abs(found$r), 1e-300), digits = 2, scientific = TRUE),
              ifelse(found$same, "same  ", "DIFFER"), at(found$row)), sep = "")
  covered <- results$analysis %in% c("survival", "landmark", "predictors", "weighting") |
    (results$analysis == "baseline" & results$statistic %in% c("p_value", "test_statistic", "z_statistic")) |
    (results$analysis == "reclassification" & results$statistic == "hazard_ratio")
  left <- which(covered & !is.na(results$value) & !(seq_len(nrow(results)) %in% found$row))
  if (length(left)) {
    counts <- as.data.frame(table(paste(results$analysis, results$statistic, results$method, sep = " | ")[left]))
    cat("\nNot recomputed here (analysis | statistic | method):\n")
    cat(sprintf("%6d  %s\n", counts$Freq, counts$Var1), sep = "")
  }
  wrong <- sum(!found$same)
  cat(sprintf("\n%d numbers compared with %s, survival %s: %d equal to 1e-6 of their size, %d not.\n", nrow(found),
              R.version.string, packageVersion("survival"), nrow(found) - wrong, wrong))
  quit(status = if (wrong) 1 else 0)
}
ratio <- function(estimate, error, df = Inf) exp(estimate + c(0, -1, 1) * qt(0.975, df) * error)
# The imputation whose P is the median of all: its statistic is the one that is given.
of_median <- function(p) match(TRUE, p == median(p))
p_of <- function(t, df = Inf) 2 * pt(-abs(t), df)

# ---- Table 1: tests ----------------------------------------------------------------------------------
levels_test <- function(group, x, test) {
  words_of <- function(of) factor(of, unique(of[!is.na(of)]))  # a level may be the word NaN
  counts <- table(words_of(x), words_of(group))
  counts <- counts[rowSums(counts) > 0, colSums(counts) > 0, drop = FALSE]
  if (min(dim(counts)) < 2) return(c(NA, NA, NA))
  expected <- outer(rowSums(counts), colSums(counts)) / sum(counts)
  sparse <- if (all(dim(counts) == 2)) any(expected < 5) else any(expected < 1) || mean(expected < 5) > 0.2
  if (identical(test, "chi-square") || (length(test) > 1 && !sparse)) {
    x <- chisq.test(counts, correct = FALSE)
    return(c(x$statistic, x$p.value, NA))
  }
  c(NA, fisher.test(counts, workspace = 2e7)$p.value, NA)
}
values_test <- function(group, x, test) {
  x <- as.numeric(x); known <- !is.na(x) & !is.na(group)
  x <- x[known]; group <- factor(group[known], unique(group[known]))
  samples <- split(x, group)
  if (length(test) > 1) {
    normal <- all(vapply(samples, function(s) length(s) >= 3 && length(s) <= 5000 && diff(range(s)) > 0 && shapiro.test(s)$p.value >= 0.05, TRUE))
    two <- length(samples) == 2
    test <- if (normal) if (two) "Welch t" else "Welch ANOVA" else if (two) "Mann-Whitney U" else "Kruskal-Wallis"
  }
  found <- switch(test,
    "Welch t" = t.test(samples[[1]], samples[[2]]),
    "Student t" = t.test(samples[[1]], samples[[2]], var.equal = TRUE),
    "Welch ANOVA" = oneway.test(x ~ group),
    "one-way ANOVA" = oneway.test(x ~ group, var.equal = TRUE),
    "Mann-Whitney U" = wilcox.test(samples[[1]], samples[[2]]),
    "Kruskal-Wallis" = kruskal.test(x, group))
  z <- if (found$method == "Wilcoxon rank sum test with continuity correction") rank_sum_z(samples[[1]], samples[[2]]) else NA
  c(found$statistic, found$p.value, z)
}
# The normal deviate that wilcox.test makes P from, and does not return.
rank_sum_z <- function(x, y) {
  r <- rank(c(x, y)); n <- length(x); m <- length(y)
  w <- sum(r[seq_len(n)]) - n * (n + 1) / 2 - n * m / 2
  ties <- table(r)
  (w - sign(w) * 0.5) / sqrt(n * m / 12 * (n + m + 1 - sum(ties^3 - ties) / ((n + m) * (n + m - 1))))
}
# `test`: as the method in results.csv names it; where it names several, the one that the rules of docs/methods.md choose.
table_1_test <- function(cohorts, named_as, by, groups, pair, variable, is_levels, test) {
  found <- vapply(cohorts, function(d) {
    of <- words(d, by)
    d <- d[order(match(of, groups)), , drop = FALSE]
    of <- words(d, by)
    if (is_levels) levels_test(of, words(d, variable), test) else values_test(of, d[[variable]], test)
  }, c(0, 0, 0))
  at <- c("baseline", named_as, by, pair, variable, "")
  same(at, "p_value", median(found[2, ]))
  same(at, "test_statistic", found[1, of_median(found[2, ])])
  same(at, "z_statistic", found[3, of_median(found[2, ])])
}

# ---- matched sets ---------------------------------------------------------------------------------
# Each set is written out: its first patient weighs 1, its controls weigh 1 together. Where the groups compared were not matched
# with each other each patient is there once, with the sum of these weights.
matched_sets <- function(imputation, in_sets) {
  pairs <- matched_pairs[matched_pairs$imputation == imputation, ]
  first <- unique(pairs$patient_id)
  s <- data.frame(patient_id = c(first, pairs$matched_with), set = c(first, pairs$patient_id), stringsAsFactors = FALSE)
  of <- match(pairs$patient_id, first)
  s$weight <- c(rep(1, length(first)), 1 / tabulate(of)[of])
  if (in_sets) return(s)
  once <- s[!duplicated(s$patient_id), ]
  once$weight <- as.numeric(tapply(s$weight, match(s$patient_id, once$patient_id), sum))
  once$set <- once$patient_id
  once
}
matched_cohorts <- function(where, in_sets) {
  imputations <- sort(unique(as.numeric(matched_pairs$imputation)))
  lapply(imputations, function(i) {
    s <- matched_sets(i, in_sets)
    d <- completed("progressed", "pattern", i)
    d <- d[match(s$patient_id, d$patient_id), , drop = FALSE]
    d$.set <- s$set; d$.weight <- s$weight
    having(d, where)
  })
}

# ---- pooling over imputations: Rubin 1987; degrees of freedom by Barnard & Rubin 1999 -------------
pool <- function(q, u, complete = Inf) {
  m <- length(q)
  if (m == 1) return(list(q = q, t = u, df = complete, between = 0))
  total <- mean(u) + (1 + 1 / m) * var(q)
  between <- (1 + 1 / m) * var(q) / total
  share <- max(between, 1e-4)
  old <- (m - 1) / share^2
  observed <- (complete + 1) / (complete + 3) * complete * (1 - share)
  list(q = mean(q), t = total, df = if (is.finite(complete)) old * observed / (old + observed) else old, between = between)
}

# ---- predictors: logistic regression, pooled over imputations -----------------------------------------
# Tests of several columns: Li, Raghunathan & Rubin 1991; degrees of freedom by Reiter 2007. Of one fit, Wald's chi-square.
joint_p <- function(q, u, complete) {
  m <- nrow(q); k <- ncol(q)
  within <- Reduce(`+`, u) / m
  w <- drop(t(colMeans(q)) %*% solve(within) %*% colMeans(q))
  if (m == 1) return(pchisq(w, k, lower.tail = FALSE))
  r <- (1 + 1 / m) * sum(diag(cov(q) %*% solve(within))) / k
  t <- k * (m - 1)
  if (t > 4) {
    a <- r * t / (t - 2)
    v <- (complete + 1) / (complete + 3) * complete
    c0 <- 1 / (t - 4); c1 <- v - 2 * (1 + a); c2 <- v - 4 * (1 + a)
    z <- 1 / c2 + c0 * (a^2 * c1 / ((1 + a)^2 * c2)) + c0 * (8 * a^2 * c1 / ((1 + a) * c2^2) + 4 * a^2 / ((1 + a) * c2)) +
      c0 * (4 * a^2 / (c2 * c1) + 16 * a^2 * c1 / c2^3) + c0 * (8 * a^2 / c2^2)
    df <- 4 + 1 / z
  } else df <- t * (1 + 1 / k) * (1 + 1 / r)^2 / 2
  pf(w / (k * (1 + r)), k, df, lower.tail = FALSE)
}
# `columns`: of each column of the model its variable, level and reference, and how results.csv names it; a level of NA is a number.
predictors_of <- function(population, named_as, by, event, pair, kind, imputations, columns, where = list()) {
  designs <- lapply(seq_len(imputations), function(i) {
    d <- having(completed(population, by, i), where)
    x <- do.call(cbind, lapply(columns, function(one) {
      if (is.na(one$level)) number(d, one$variable) else as.numeric(words(d, one$variable) == one$level)
    }))
    list(x = x, y = as.numeric(words(d, by) == event))
  })
  if (all(vapply(designs[-1], identical, TRUE, designs[[1]]))) designs <- designs[1]
  fits <- lapply(designs, function(z) glm(z$y ~ z$x, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 60)))
  k <- length(columns)
  df <- if (length(fits) > 1) min(vapply(designs, function(z) length(z$y), 0)) - k - 1 else Inf
  q <- do.call(rbind, lapply(fits, function(f) coef(f)[-1]))
  u <- lapply(fits, function(f) vcov(f)[-1, -1, drop = FALSE])
  at <- function(variable, level) c("predictors", named_as, by, pair, variable, level)
  for (i in seq_len(k)) {
    x <- pool(q[, i], vapply(u, function(v) v[i, i], 0), df)
    or <- ratio(x$q, sqrt(x$t), x$df)
    name <- at(columns[[i]]$variable, columns[[i]]$named)
    same(name, paste0("odds_ratio_", kind), or[1], or[2], or[3])
    same(name, paste0("p_value_", kind), p_of(x$q / sqrt(x$t), x$df))
  }
  variables <- vapply(columns, function(one) one$variable, "")
  for (v in unique(variables)) if (sum(variables == v) > 1) {
    of <- which(variables == v)
    same(at(v, ""), paste0("p_value_", kind),
         joint_p(q[, of, drop = FALSE], lapply(u, function(c) c[of, of, drop = FALSE]), df))
  }
}

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

# ---- survival by group ------------------------------------------------------------------------------
# `groups`: the levels compared, the reference last; `named`: their names in results.csv; `pair`: that of their comparison.
survival_by_group <- function(d, named_as, by, outcome, groups, named = groups, pair = NULL, adjusted_for = NULL) {
  r <- rows_of(d, by, outcome)
  at <- function(group, variable = "") c("survival", named_as, outcome, group, variable, "")
  for (i in seq_along(groups)) {
    x <- r[r$group == groups[i], , drop = FALSE]
    if (!nrow(x)) next
    say_curve(at(named[i]), curve_of(x), nrow(x), sum(x$event))
    m <- median_of(curve_of(x, "plain"))
    same(at(named[i]), "median_plain", m[1], m[2], m[3])
  }
  if (is.null(pair)) return(invisible())
  test <- attempt(log_rank(r), c(NA, NA))
  same(at(pair, "log_rank"), "test_statistic", test[1])
  same(at(pair, "log_rank"), "p_value", test[2])
  if (length(groups) != 2) return(invisible())
  fit <- attempt(cox_of(r, as.numeric(r$group == groups[1])), NULL)
  if (is.null(fit)) return(invisible())
  b <- coef(fit); se <- sqrt(fit$var[1])
  say_ratio(at(pair), b, se)
  same(at(pair, "cox"), "p_value", p_of(b / se))
  same(at(pair), "p_value_proportional_hazards", proportional(fit))
  if (is.null(adjusted_for)) return(invisible())
  # Adjusted for the time to progression, on a log scale, and for the performance status at baseline.
  d <- d[which(number(d, "pfs_days") > 0), , drop = FALSE]
  r <- rows_of(d, by, outcome)
  r$late <- log(number(d, "pfs_days")[r$row])
  r$ecog <- if ("ecog" %in% adjusted_for) number(d, "ecog")[r$row] else 0
  r <- r[complete.cases(r), , drop = FALSE]
  columns <- cbind(first = as.numeric(r$group == groups[1]), late = r$late)
  if ("ecog" %in% adjusted_for) columns <- cbind(columns, ecog = r$ecog)
  fit <- cox_of(r, columns)
  b <- coef(fit)[1]; se <- sqrt(fit$var[1, 1]); x <- ratio(b, se)
  same(at(pair), "hazard_ratio_adjusted", x[1], x[2], x[3])
  same(at(pair), "p_value_adjusted", p_of(b / se))
}

# ---- survival after matching -----------------------------------------------------------------------
all_weigh_one <- function(cohorts) all(vapply(cohorts, function(d) {
  all(abs(d$.weight - 1) < 1e-9) && !anyDuplicated(d$patient_id)
}, TRUE))
serve_again <- function() any(vapply(unique(matched_pairs$imputation), function(i) {
  anyDuplicated(matched_sets(i, TRUE)$patient_id) > 0
}, TRUE))

# Curves on log(-log S): Marshall, Altman, Holder & Royston 2009.
pooled_step <- function(s, v) {
  if (any(s == 1)) return(c(1, NA, NA))
  if (all(s == 0)) return(c(0, NA, NA))
  if (any(s == 0)) return(c(NA, NA, NA))
  q <- log(-log(s)); u <- v / (s * log(s))^2
  x <- if (length(s) == 1 || var(q) == 0) list(df = Inf, t = mean(u)) else pool(q, u)
  exp(-exp(mean(q) + c(0, 1, -1) * qt(0.975, x$df) * sqrt(x$t)))
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
pooled_at <- function(curve, t) {
  if (t > max(curve$time) * (1 + 1e-9)) return(if (min(curve$line[1, ]) == 0) c(0, NA, NA) else c(NA, NA, NA))
  i <- findInterval(t * (1 + 1e-9), curve$time)
  if (i == 0) c(1, NA, NA) else curve$line[, i]
}
FEW_SETS <- 30  # a variance robust to so few sets takes Student's t

survival_after_matching <- function(named_as, by, outcome, groups, named = groups, pair = NULL, where = list()) {
  in_sets <- by == "pattern" && !length(where)
  cohorts <- matched_cohorts(where, in_sets)
  many <- length(cohorts) > 1
  plain <- all_weigh_one(cohorts)
  again <- serve_again()
  once <- function(r) r[!duplicated(r$patient), , drop = FALSE]
  rows <- lapply(cohorts, function(d) {
    r <- rows_of(d, by, outcome)
    r$weight <- d$.weight[r$row]; r$set <- d$.set[r$row]; r$patient <- d$patient_id[r$row]
    r
  })
  at <- function(group, variable = "") c("survival", named_as, outcome, group, variable, "")
  for (i in seq_along(groups)) {
    parts <- Filter(nrow, lapply(rows, function(r) r[r$group == groups[i], , drop = FALSE]))
    if (!length(parts)) next
    size <- vapply(parts, function(r) nrow(once(r)), 0)
    same(at(named[i]), "n", mean(size), if (many) min(size), if (many) max(size))
    same(at(named[i]), "events", mean(vapply(parts, function(r) sum(once(r)$event), 0)))
    if (!plain) {
      same(at(named[i]), "weighted_n", mean(vapply(parts, function(r) sum(r$weight), 0)))
      same(at(named[i]), "weighted_events", mean(vapply(parts, function(r) sum(r$weight * r$event), 0)))
    }
    fits <- lapply(parts, function(r) if (plain) curve_of(r) else curve_of(r, cluster = if (again) r$patient else r$set))
    if (length(fits) == 1) {
      m <- median_of(fits[[1]])
      step <- function(t) survival_at(fits[[1]], t)
    } else {
      curve <- pooled_curve(fits)
      if (!length(curve$time)) next
      m <- apply(curve$line, 1, function(line) crossing(curve$time, line))
      step <- function(t) pooled_at(curve, t)
    }
    same(at(named[i]), "median", m[1], m[2], m[3])
    for (t in c(6, 12, 24)) {
      s <- step(t)
      same(at(named[i]), paste0("survival_", t, "_months"), s[1], s[2], s[3])
    }
  }
  if (is.null(pair) || length(groups) != 2) return(invisible())
  first <- function(r) as.numeric(r$group == groups[1])
  tests <- vapply(rows, function(r) attempt(if (plain) log_rank(r) else {
    x <- cox_of(r, first(r), r$weight, r$set, ties = "breslow")$rscore
    c(x, pchisq(x, 1, lower.tail = FALSE))
  }, c(NA, NA)), c(0, 0))
  same(at(pair, "log_rank"), "p_value", median(tests[2, ]))
  same(at(pair, "log_rank"), "test_statistic", tests[1, of_median(tests[2, ])])
  by_label <- function(r, label) cox_of(r, first(r), r$weight, label)
  fits <- lapply(rows, function(r) attempt(if (plain && !in_sets) cox_of(r, first(r)) else by_label(r, r$set), NULL))
  if (any(vapply(fits, is.null, TRUE))) return(invisible())
  people <- lapply(rows, once)
  complete <- if (many) max(min(vapply(people, function(r) sum(r$event), 0)) - 1, 1) else Inf
  n_sets <- min(vapply(rows, function(r) length(unique(r$set)), 0))
  if (in_sets && n_sets <= FEW_SETS) complete <- min(complete, max(n_sets - 1, 1))
  x <- pool(vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
  say_ratio(at(pair), x$q, sqrt(x$t), x$df)
  same(at(pair, "cox"), "p_value", p_of(x$q / sqrt(x$t), x$df))
  same(at(pair), "variance_share_between_imputations", x$between)
  if (in_sets && again) {
    # Austin & Cafri 2020: by sets, plus by patients, less by both.
    v <- vapply(rows, function(r) {
      one <- function(label) { k <- length(unique(label)); k / (k - 1) * by_label(r, label)$var[1] }
      one(r$set) + one(r$patient) - one(paste(r$set, r$patient, sep = "\x1f"))
    }, 0)
    if (all(v > 0)) {
      y <- pool(vapply(fits, coef, 0), v, complete)
      two <- ratio(y$q, sqrt(y$t), y$df)
      same(at(pair), "hazard_ratio_two_way", two[1], two[2], two[3])
      same(at(pair, "two_way"), "p_value", p_of(y$q / sqrt(y$t), y$df))
    }
  }
  z <- vapply(rows, function(r) attempt(proportional(cox_of(r, first(r), if (!plain) r$weight)), NA), 0)
  if (any(!is.na(z))) same(at(pair), "p_value_proportional_hazards", median(z, na.rm = TRUE))
}

# ---- landmarks: from each of them, by what had happened until then ---------------------------------
STATES <- c("no_progression", "oligoprogression", "systemic")
from_landmarks <- function(d, named_as, landmarks = c(3, 6, 9)) {
  progressed <- as.numeric(as.Date(d$progressed_on) - as.Date(d$treatment_started_on))
  if ("progressed_day" %in% names(d)) progressed <- number(d, "progressed_day")
  days <- number(d, "os_days"); event <- number(d, "os_event")
  for (months in landmarks) {
    day <- months * MONTH
    group <- ifelse(!is.na(progressed) & progressed <= day, d$pattern, STATES[1])
    r <- data.frame(group = group, months = (days - day) / MONTH, event = event, stringsAsFactors = FALSE)
    if ("os_entry_days" %in% names(d)) r$entry <- pmax(number(d, "os_entry_days") - day, 0) / MONTH
    r <- r[which(days > day), , drop = FALSE]
    r <- r[complete.cases(r), , drop = FALSE]
    at <- function(group) c("landmark", named_as, "os", group, paste0("landmark_", months, "_months"), "")
    for (state in STATES) {
      x <- r[r$group == state, , drop = FALSE]
      if (nrow(x)) say_curve(at(state), curve_of(x), nrow(x), sum(x$event), times = c()) else same(at(state), "n", 0)
    }
    for (pair in list(STATES[c(2, 3)], STATES[c(2, 1)], STATES[c(3, 1)])) {
      x <- r[r$group %in% pair, , drop = FALSE]
      fit <- attempt(cox_of(x, as.numeric(x$group == pair[1])), NULL)
      if (is.null(fit)) next
      name <- at(paste(pair, collapse = " vs "))
      say_ratio(name, coef(fit), sqrt(fit$var[1]))
      same(name, "p_value_proportional_hazards", proportional(fit))
      test <- attempt(log_rank(x), c(NA, NA))
      same(name, "p_value", test[2])
      same(name, "test_statistic", test[1])
    }
  }
}

# ---- weights in place of matches: Cox with weights of the propensity score, robust to each patient -----
score_of <- function(d, first, covariates) {
  columns <- lapply(covariates, function(one) {
    x <- words(d, one$variable)
    if (anyNA(x) || length(unique(x)) < 2) return(NULL)
    if (!one$is_levels) return(as.numeric(x))
    vapply(unique(x)[-1], function(level) as.numeric(x == level), numeric(length(x)))
  })
  x <- do.call(cbind, columns)
  fitted(glm(first ~ x, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 60)))
}
TARGETS <- list(
  ate = function(g, e) ifelse(g == 1, mean(g) / e, (1 - mean(g)) / (1 - e)),
  att = function(g, e) ifelse(g == 1, 1, e / (1 - e)),
  overlap = function(g, e) ifelse(g == 1, 1 - e, e))
survival_weighted <- function(population, named_as, by, outcomes, groups, named, pair, imputations, covariates, where = list()) {
  cohorts <- lapply(seq_len(imputations), function(i) having(completed(population, by, i), where))
  firsts <- lapply(cohorts, function(d) as.numeric(words(d, by) == groups[1]))
  scores <- mapply(score_of, cohorts, firsts, MoreArgs = list(covariates), SIMPLIFY = FALSE)
  for (target in names(TARGETS)) {
    weights <- mapply(TARGETS[[target]], firsts, scores, SIMPLIFY = FALSE)
    for (i in 1:2) same(c("weighting", named_as, "", named[i], target, ""), "effective_n", mean(mapply(function(g, w) {
      w <- w[g == 2 - i]
      sum(w)^2 / sum(w^2)
    }, firsts, weights)))
    for (outcome in outcomes) {
      rows <- mapply(function(d, w) { r <- rows_of(d, by, outcome); r$weight <- w[r$row]; r }, cohorts, weights, SIMPLIFY = FALSE)
      fits <- lapply(rows, function(r) attempt(cox_of(r, as.numeric(r$group == groups[1]), r$weight, seq_len(nrow(r))), NULL))
      if (any(vapply(fits, is.null, TRUE))) next
      complete <- if (length(fits) > 1) max(min(vapply(rows, function(r) sum(r$event), 0)) - 1, 1) else Inf
      x <- pool(vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
      hr <- ratio(x$q, sqrt(x$t), x$df)
      at <- c("weighting", named_as, outcome, pair, target, "")
      same(at, "hazard_ratio", hr[1], hr[2], hr[3])
      same(at, "p_value", p_of(x$q / sqrt(x$t), x$df))
    }
  }
}

# ---- definitions: post-progression survival between the patterns, labelled by each ----------------------
survival_under_definitions <- function(d, named_as, definitions) {
  labels <- read_cells("definitions.csv")
  for (one in definitions) {
    d$.label <- labels[match(d$patient_id, labels$patient_id), paste0("pattern:", one)]
    r <- rows_of(d, ".label", "pps")
    fit <- attempt(cox_of(r, as.numeric(r$group == "oligoprogression")), NULL)
    if (is.null(fit)) next
    hr <- ratio(coef(fit), sqrt(fit$var[1]))
    same(c("reclassification", named_as, "pps", one, "", "oligoprogression vs systemic"), "hazard_ratio", hr[1], hr[2], hr[3])
  }
}

# ---- the analyses of this study ----

# analyses[2] of study.yaml: baseline, progressed
table_1_test(list(patients("progressed")),
  "progressed",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "age_60",
  TRUE,
  c("chi-square"))
table_1_test(list(patients("progressed")),
  "progressed",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "sex",
  TRUE,
  c("chi-square"))
table_1_test(list(patients("progressed")),
  "progressed",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "smoking",
  TRUE,
  c("chi-square"))
table_1_test(list(patients("progressed")),
  "progressed",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "ecog",
  TRUE,
  c("Fisher exact"))
table_1_test(list(patients("progressed")),
  "progressed",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "brain_metastasis",
  TRUE,
  c("Fisher exact"))
table_1_test(list(patients("progressed")),
  "progressed",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "histology",
  TRUE,
  c("chi-square"))
table_1_test(list(patients("progressed")),
  "progressed",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "stage",
  TRUE,
  c("chi-square"))
table_1_test(list(patients("progressed")),
  "progressed",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "pd_l1",
  TRUE,
  c("chi-square"))

# analyses[3] of study.yaml: baseline, matched
table_1_test(matched_cohorts(list(), FALSE),
  "matched",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "age_60",
  TRUE,
  c("chi-square"))
table_1_test(matched_cohorts(list(), FALSE),
  "matched",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "sex",
  TRUE,
  c("Fisher exact", "chi-square"))
table_1_test(matched_cohorts(list(), FALSE),
  "matched",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "smoking",
  TRUE,
  c("chi-square"))
table_1_test(matched_cohorts(list(), FALSE),
  "matched",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "ecog",
  TRUE,
  c("Fisher exact"))
table_1_test(matched_cohorts(list(), FALSE),
  "matched",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "brain_metastasis",
  TRUE,
  c("Fisher exact"))
table_1_test(matched_cohorts(list(), FALSE),
  "matched",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "histology",
  TRUE,
  c("chi-square"))
table_1_test(matched_cohorts(list(), FALSE),
  "matched",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "stage",
  TRUE,
  c("chi-square"))
table_1_test(matched_cohorts(list(), FALSE),
  "matched",
  "pattern",
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  "pd_l1",
  TRUE,
  c("chi-square"))

# analyses[4] of study.yaml: predictors, progressed
predictors_of("progressed",
  "progressed",
  "pattern",
  "systemic",
  "systemic vs oligoprogression",
  "univariable",
  2,
  list(list(variable = "age_60", level = ">=60", named = ">=60 vs <60")))
predictors_of("progressed",
  "progressed",
  "pattern",
  "systemic",
  "systemic vs oligoprogression",
  "univariable",
  2,
  list(list(variable = "sex", level = "male", named = "male vs female")))
predictors_of("progressed",
  "progressed",
  "pattern",
  "systemic",
  "systemic vs oligoprogression",
  "univariable",
  2,
  list(list(variable = "smoking", level = "ever", named = "ever vs never")))
predictors_of("progressed",
  "progressed",
  "pattern",
  "systemic",
  "systemic vs oligoprogression",
  "univariable",
  2,
  list(list(variable = "ecog", level = "1", named = "1 vs 0")))
predictors_of("progressed",
  "progressed",
  "pattern",
  "systemic",
  "systemic vs oligoprogression",
  "univariable",
  2,
  list(list(variable = "brain_metastasis", level = "yes", named = "yes vs no")))
predictors_of("progressed",
  "progressed",
  "pattern",
  "systemic",
  "systemic vs oligoprogression",
  "univariable",
  2,
  list(list(variable = "histology", level = "squamous", named = "squamous vs adenocarcinoma")))
predictors_of("progressed",
  "progressed",
  "pattern",
  "systemic",
  "systemic vs oligoprogression",
  "univariable",
  2,
  list(list(variable = "stage", level = "IV", named = "IV vs IIIC")))
predictors_of("progressed",
  "progressed",
  "pattern",
  "systemic",
  "systemic vs oligoprogression",
  "univariable",
  2,
  list(list(variable = "pd_l1", level = "1-49%", named = "1-49% vs <1%"),
  list(variable = "pd_l1", level = ">=50%", named = ">=50% vs <1%")))
predictors_of("progressed",
  "progressed",
  "pattern",
  "systemic",
  "systemic vs oligoprogression",
  "multivariable",
  2,
  list(list(variable = "age_60", level = ">=60", named = ">=60 vs <60"),
  list(variable = "sex", level = "male", named = "male vs female"),
  list(variable = "smoking", level = "ever", named = "ever vs never"),
  list(variable = "ecog", level = "1", named = "1 vs 0"),
  list(variable = "brain_metastasis", level = "yes", named = "yes vs no"),
  list(variable = "histology", level = "squamous", named = "squamous vs adenocarcinoma"),
  list(variable = "stage", level = "IV", named = "IV vs IIIC"),
  list(variable = "pd_l1", level = "1-49%", named = "1-49% vs <1%"),
  list(variable = "pd_l1", level = ">=50%", named = ">=50% vs <1%")))

# analyses[7] of study.yaml: survival, progressed
survival_by_group(patients("progressed"),
  "progressed",
  "pattern",
  "pps",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic",
  adjusted_for = c("late", "ecog"))
survival_by_group(patients("progressed"),
  "progressed",
  "pattern",
  "os",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic")
survival_by_group(patients("progressed"),
  "progressed",
  "pattern",
  "pfs",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic")

# analyses[8] of study.yaml: survival, matched
survival_after_matching("matched",
  "pattern",
  "pps",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic")
survival_after_matching("matched",
  "pattern",
  "os",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic")
survival_after_matching("matched",
  "pattern",
  "pfs",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic")

# analyses[9] of study.yaml: landmark, treated
from_landmarks(patients("treated"), "treated")

# analyses[13] of study.yaml: weighting, progressed
survival_weighted("progressed",
  "progressed",
  "pattern",
  c("pps", "os"),
  c("oligoprogression", "systemic"),
  c("oligoprogression", "systemic"),
  "oligoprogression vs systemic",
  2,
  list(list(variable = "age_60", is_levels = TRUE),
  list(variable = "sex", is_levels = TRUE),
  list(variable = "stage", is_levels = TRUE),
  list(variable = "smoking", is_levels = TRUE),
  list(variable = "histology", is_levels = TRUE),
  list(variable = "brain_metastasis", is_levels = TRUE),
  list(variable = "pd_l1", is_levels = TRUE)))

# analyses[14] of study.yaml: survival, progressed
survival_by_group(patients("progressed", list(list(column = "line_regimen", word = "chemo_io", number = FALSE))),
  "progressed:chemo_io",
  "pattern",
  "pfs2",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic")
survival_by_group(patients("progressed", list(list(column = "line_regimen", word = "chemo_io", number = FALSE))),
  "progressed:chemo_io",
  "pattern",
  "os",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic")

# analyses[15] of study.yaml: survival, progressed
survival_by_group(patients("progressed", list(list(column = "line_regimen", word = "chemo_io_antiangiogenic", number = FALSE))),
  "progressed:chemo_io_antiangiogenic",
  "pattern",
  "pfs2",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic")
survival_by_group(patients("progressed", list(list(column = "line_regimen", word = "chemo_io_antiangiogenic", number = FALSE))),
  "progressed:chemo_io_antiangiogenic",
  "pattern",
  "os",
  c("oligoprogression", "systemic"),
  pair = "oligoprogression vs systemic")

# analyses[16] of study.yaml: survival, progressed
survival_by_group(patients("progressed", list(list(column = "pattern", word = "oligoprogression", number = FALSE))),
  "progressed:oligoprogression",
  "resistance",
  "pps",
  c("acquired", "primary"),
  pair = "acquired vs primary")
survival_by_group(patients("progressed", list(list(column = "pattern", word = "oligoprogression", number = FALSE))),
  "progressed:oligoprogression",
  "resistance",
  "os",
  c("acquired", "primary"),
  pair = "acquired vs primary")
survival_by_group(patients("progressed", list(list(column = "pattern", word = "oligoprogression", number = FALSE))),
  "progressed:oligoprogression",
  "resistance",
  "pfs",
  c("acquired", "primary"),
  pair = "acquired vs primary")

# analyses[17] of study.yaml: survival, matched
survival_after_matching("matched:oligoprogression",
  "resistance",
  "pps",
  c("acquired", "primary"),
  pair = "acquired vs primary",
  where = list(list(column = "pattern", word = "oligoprogression", number = FALSE)))
survival_after_matching("matched:oligoprogression",
  "resistance",
  "os",
  c("acquired", "primary"),
  pair = "acquired vs primary",
  where = list(list(column = "pattern", word = "oligoprogression", number = FALSE)))
survival_after_matching("matched:oligoprogression",
  "resistance",
  "pfs",
  c("acquired", "primary"),
  pair = "acquired vs primary",
  where = list(list(column = "pattern", word = "oligoprogression", number = FALSE)))

# analyses[18] of study.yaml: survival, progressed
survival_by_group(patients("progressed", list(list(column = "pattern", word = "systemic", number = FALSE))),
  "progressed:systemic",
  "resistance",
  "pps",
  c("acquired", "primary"),
  pair = "acquired vs primary")
survival_by_group(patients("progressed", list(list(column = "pattern", word = "systemic", number = FALSE))),
  "progressed:systemic",
  "resistance",
  "os",
  c("acquired", "primary"),
  pair = "acquired vs primary")
survival_by_group(patients("progressed", list(list(column = "pattern", word = "systemic", number = FALSE))),
  "progressed:systemic",
  "resistance",
  "pfs",
  c("acquired", "primary"),
  pair = "acquired vs primary")

# analyses[19] of study.yaml: survival, matched
survival_after_matching("matched:systemic",
  "resistance",
  "pps",
  c("acquired", "primary"),
  pair = "acquired vs primary",
  where = list(list(column = "pattern", word = "systemic", number = FALSE)))
survival_after_matching("matched:systemic",
  "resistance",
  "os",
  c("acquired", "primary"),
  pair = "acquired vs primary",
  where = list(list(column = "pattern", word = "systemic", number = FALSE)))
survival_after_matching("matched:systemic",
  "resistance",
  "pfs",
  c("acquired", "primary"),
  pair = "acquired vs primary",
  where = list(list(column = "pattern", word = "systemic", number = FALSE)))

# analyses[20] of study.yaml: survival, progressed
survival_by_group(patients("progressed",
  list(list(column = "pattern", word = "oligoprogression", number = FALSE), list(column = "local_after_progression", word = "no", number = FALSE))),
  "progressed:oligoprogression:no",
  "pattern",
  "os",
  c("oligoprogression"))

# analyses[22] of study.yaml: reclassification, progressed
survival_under_definitions(patients("progressed"),
  "progressed",
  c("astro_estro5", "huang2025", "strict3", "dingemans", "br38", "chai2021", "core"))

# analyses[23] of study.yaml: baseline, progressed
table_1_test(list(patients("progressed")),
  "progressed",
  "center",
  c("north", "south"),
  "north vs south",
  "sex",
  TRUE,
  c("Fisher exact"))
table_1_test(list(patients("progressed")),
  "progressed",
  "center",
  c("north", "south"),
  "north vs south",
  "age_years",
  FALSE,
  c("Welch t"))
table_1_test(list(patients("progressed")),
  "progressed",
  "center",
  c("north", "south"),
  "north vs south",
  "pd_l1",
  TRUE,
  c("chi-square"))

# analyses[24] of study.yaml: baseline, treated
table_1_test(list(patients("treated")),
  "treated",
  "sex",
  c("male", "female"),
  "male vs female",
  "smoking",
  TRUE,
  c("Fisher exact"))
table_1_test(list(patients("treated")),
  "treated",
  "sex",
  c("male", "female"),
  "male vs female",
  "center",
  TRUE,
  c("chi-square"))

# analyses[25] of study.yaml: survival, progressed
survival_by_group(patients("progressed"), "progressed", "center", "dor", c("north", "south"), pair = "north vs south")
survival_by_group(patients("progressed"), "progressed", "center", "ipfs", c("north", "south"), pair = "north vs south")
survival_by_group(patients("progressed"), "progressed", "center", "pfs2", c("north", "south"), pair = "north vs south")

# analyses[29] of study.yaml: predictors, progressed
predictors_of("progressed",
  "progressed",
  "sex",
  "female",
  "female vs male",
  "univariable",
  2,
  list(list(variable = "center", level = "north", named = "north vs south")))

# analyses[30] of study.yaml: survival, matched
survival_after_matching("matched", "sex", "os", c("male", "female"), pair = "male vs female")

finish()
