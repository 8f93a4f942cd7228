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
