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
