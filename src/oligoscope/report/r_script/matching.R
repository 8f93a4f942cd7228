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
