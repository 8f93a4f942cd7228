# ---- comparability at progression: how far the groups differ on that day, and survival after it adjusted for it ----
# Described only: what defines the groups, and treatment after the progression.
DESCRIBED_ONLY <- c("n_progressing_lesions", "n_progressing_organs", "local_after_progression", "beyond_progression", "line_regimen")
weighted_quantile <- function(x, w, p) {
  at <- order(x); x <- x[at]; reached <- cumsum(w[at]) / sum(w)
  i <- min(which(reached >= p - 1e-9))
  if (abs(reached[i] - p) < 1e-9 && i < length(x)) (x[i] + x[i + 1]) / 2 else x[i]
}
# The ratio of the first group alone, then with the covariates: of the same patients.
at_progression_ratios <- function(cohorts, groups, names, a, target, weights = NULL, cluster = NULL, in_sets = FALSE) {
  pair <- versus(groups)
  rows <- lapply(seq_along(cohorts), function(i) {
    d <- cohorts[[i]]
    d$.w <- if (is.null(weights)) 1 else weights[[i]]
    d$.c <- if (is.null(cluster)) seq_len(nrow(d)) else cluster[[i]]
    known <- rep(TRUE, nrow(d))
    for (v in names) known <- known & !blank(d[[v]])
    d <- keep(d, known)
    r <- rows_of(d, "pattern", "pps")
    r$.centre <- centre_of(d)[r$row]
    list(d = keep(d, r$row), r = r)
  })
  once <- lapply(rows, function(x) x$r[!duplicated(x$d$patient_id), , drop = FALSE])
  events <- vapply(once, function(r) sum(r$event), 0)
  sparse <- any(vapply(once, sparse_in, TRUE, groups, a$minimum_events))
  one <- function(adjusted) {
    ratio_name <- if (adjusted) "hazard_ratio_adjusted" else "hazard_ratio"
    designs <- lapply(rows, function(x) do.call(cbind, c(list(as.numeric(x$r$group == groups[1])),
      if (adjusted) unlist(lapply(names, function(v) at_progression_columns(x$d, v)), recursive = FALSE))))
    if (adjusted) {
      if (!length(names)) return(withheld("pps", pair, target, "", ratio_name))
      per_variable <- min(events / vapply(designs, ncol, 0))
      if (target == "") say("pps", pair, "", "", "events_per_parameter", per_variable)
      if (per_variable < a$minimum_events_per_variable) return(withheld("pps", pair, target, "", ratio_name))
    }
    if (sparse) return(withheld("pps", pair, target, "", ratio_name))
    fits <- mapply(function(x, design) cox_of(x$r, design, if (!is.null(weights)) x$d$.w, if (!is.null(cluster)) x$d$.c),
                   rows, designs, SIMPLIFY = FALSE)
    if (any(vapply(fits, is.null, TRUE))) return(invisible())
    complete <- if (length(rows) > 1) max(min(events) - max(vapply(designs, ncol, 0)), 1) else Inf
    n_sets <- min(vapply(rows, function(x) length(unique(x$d$.c)), 0))
    if (is_alike(rows[[1]]$r)) complete <- min(vapply(rows, function(x) df_of(x$r, complete), 0))
    else if (in_sets && n_sets <= 30) complete <- min(complete, max(n_sets - 1, 1))
    x <- pool(vapply(fits, function(f) coef(f)[1], 0), vapply(fits, function(f) f$var[1, 1], 0), complete)
    hr <- ratio(x$q, sqrt(x$t), x$df)
    say("pps", pair, target, "", ratio_name, hr[1], hr[2], hr[3])
    say("pps", pair, target, "", if (adjusted) "p_value_adjusted" else "p_value", p_of(x$q / sqrt(x$t), x$df))
  }
  one(FALSE)
  one(TRUE)
}
ANALYSES$at_progression <- function(study, d, a) {
  by <- "pattern"
  is_matched <- a$population == "matched"
  completed <- lapply(study$every[["progressed pattern"]]$cohorts, function(d) { d <- select(d, a); keep(d, !blank(words(d, by))) })
  cohorts <- if (is_matched) matched_cohorts(study, a, FALSE) else completed
  groups <- levels_of(by, unlist(lapply(cohorts, words, by)))
  if (length(groups) != 2) return(withheld("pps", "", "", "", "hazard_ratio_adjusted"))
  pair <- versus(groups)
  declared <- Filter(function(v) v %in% base::names(completed[[1]]), unlist(study$settings$matching$covariates_at_progression))
  for (v in unlist(study$settings$matching$covariates_at_progression)) {
    reason <- left_out(cohorts, v)
    if (!is.null(reason) && reason != "missing and not imputed") withheld("", "", v, "", "covariate")
  }
  names <- Filter(function(v) (left_out(cohorts, v) %||% "missing and not imputed") == "missing and not imputed", declared)
  # Described: as observed before matching, over the imputations after it.
  shown <- cohorts
  if (!is_matched) {
    shown <- list(keep(d, !blank(words(d, by))))
  }
  shown <- lapply(shown, function(d) { if (!is_matched) d$.weight <- 1; d })
  plain <- plain_weights(shown)
  average <- function(x) if (all(is.na(x))) NA else mean(x, na.rm = TRUE)
  described <- Filter(function(v) v %in% base::names(completed[[1]]), unique(c(names, DESCRIBED_ONLY)))
  whole <- do.call(rbind, lapply(shown, function(d) d[described]))
  attr(whole, "kinds") <- attr(shown[[1]], "kinds")
  for (g in groups) {
    members <- lapply(shown, function(d) keep(d, words(d, by) == g))
    say(by, g, "", "", "n", mean(vapply(members, nrow, 0)))
    for (v in described) {
      if (all(blank(whole[[v]]))) next
      known <- lapply(members, function(d) keep(d, !blank(d[[v]])))
      say(by, g, v, "", "missing", mean(vapply(members, nrow, 0) - vapply(known, nrow, 0)))
      if (is_levels(whole, v)) for (l in levels_of(v, words(whole, v))) {
        say(by, g, v, l, "n", mean(vapply(known, function(d) sum(words(d, v) == l), 0)))
        say(by, g, v, l, "percent", average(vapply(known, function(d)
          if (nrow(d)) 100 * sum(d$.weight[words(d, v) == l]) / sum(d$.weight) else NA, 0)))
      } else {
        q <- vapply(Filter(nrow, known), function(d) {
          x <- as.numeric(d[[v]])
          if (plain) quantile(x, c(0.5, 0.25, 0.75), names = FALSE) else vapply(c(0.5, 0.25, 0.75), function(p) weighted_quantile(x, d$.weight, p), 0)
        }, c(0, 0, 0))
        if (length(q)) say(by, g, v, "", "median", mean(q[1, ]), mean(q[2, ]), mean(q[3, ]))
        if (length(q)) say(by, g, v, "", "sd", average(vapply(Filter(nrow, known), function(d) {
          x <- as.numeric(d[[v]]); w <- d$.weight
          sqrt(sum(w * (x - weighted.mean(x, w))^2) * sum(w) / (sum(w)^2 - sum(w^2)))
        }, 0)))
        if (length(q)) say(by, g, v, "", "mean", average(vapply(Filter(nrow, known), function(d) weighted.mean(as.numeric(d[[v]]), d$.weight), 0)))
      }
    }
  }
  for (v in names) {
    differences <- function(weighted) lapply(seq_along(completed), function(i) {
      d <- keep(completed[[i]], !blank(completed[[i]][[v]]))
      w <- rep(1, nrow(d))
      if (weighted) { w <- cohorts[[i]]$.weight[match(d$patient_id, cohorts[[i]]$patient_id)]; w[is.na(w)] <- 0 }
      first <- words(d, by) == groups[1]
      if (sum(w[first]) == 0 || sum(w[!first]) == 0 || (!is_levels(d, v) && min(sum(first), sum(!first)) < 2)) NULL
      else smd_of(d, v, first, w)
    })
    before <- differences(FALSE); after <- if (is_matched) differences(TRUE) else list()
    if (any(vapply(c(before, after), is.null, TRUE))) next
    for (l in base::names(before[[1]])) {
      at <- function(found) unlist(lapply(found, function(f) f[base::names(f) == l]))
      say(by, pair, v, l, "smd_before", mean(at(before)))
      if (is_matched) {
        say(by, pair, v, l, "smd_after", mean(at(after)))
        say(by, pair, v, l, "smd_after_absolute", mean(abs(at(after))))
        say(by, pair, v, l, "smd_after_maximum", max(abs(at(after))))
      }
    }
  }
  if (is_matched) {
    in_sets <- !length(a$where)
    sets <- matched_cohorts(study, a, in_sets)
    weights <- lapply(sets, function(d) d$.weight)
    labels <- if (in_sets || !plain_weights(sets)) lapply(sets, function(d) d$.set)
    at_progression_ratios(sets, groups, names, a, "", if (!plain_weights(sets)) weights, labels, in_sets)
    return(invisible())
  }
  at_progression_ratios(completed, groups, names, a, "")
  targets <- list(
    ate = function(g, e) ifelse(g == 1, mean(g) / e, (1 - mean(g)) / (1 - e)),
    att = function(g, e) ifelse(g == 1, 1, e / (1 - e)),
    overlap = function(g, e) ifelse(g == 1, 1 - e, e))
  no_ratio <- function(target) for (name in c("hazard_ratio", "hazard_ratio_adjusted")) withheld("pps", pair, target, "", name)
  no_score <- vapply(completed, function(d) {
    first <- words(d, by) == groups[1]
    !length(usable(d, unlist(study$settings$matching$covariates))) || min(sum(first), sum(!first)) < study$settings$matching$minimum_group
  }, TRUE)
  if (any(no_score)) { for (target in base::names(targets)) no_ratio(target); return(invisible()) }
  scored <- lapply(completed, function(d) {
    score <- usable(d, unlist(study$settings$matching$covariates))
    first <- as.numeric(words(d, by) == groups[1])
    fit <- logit_of(first ~ x, list(first = first, x = score_columns(d, score)))
    if (separated(fit)) return(NULL)
    list(d = d, names = score, first = first, e = fitted(fit), per_variable = min(sum(first), sum(!first)) / sum(!is.na(coef(fit)[-1])))
  })
  if (any(vapply(scored, is.null, TRUE))) return(invisible())
  few <- min(vapply(scored, function(s) s$per_variable, 0)) < study$settings$matching$minimum_events_per_variable
  for (target in base::names(targets)) {
    weights <- lapply(scored, function(s) targets[[target]](s$first, s$e))
    if (few || are_sealed(study, scored, weights)) { no_ratio(target); next }
    at_progression_ratios(completed, groups, names, a, target, weights, lapply(completed, function(d) seq_len(nrow(d))))
  }
}
