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
