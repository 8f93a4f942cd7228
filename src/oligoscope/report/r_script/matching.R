# ---- matching: how many, and the balance of the groups before and after ---------------------------------------------
OF_THE_STUDY$balance <- function(study) {
  if (is.null(study$pairs) || !nrow(study$pairs)) return(invisible())
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
