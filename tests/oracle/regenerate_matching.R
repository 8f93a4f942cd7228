# Writes the reference answers of R about propensity scores, matching, balance, weights and E-values:
# tests/oracle/{propensity_matching,balance,weighting,e_value}.json.
#
#   Rscript tests/oracle/regenerate_matching.R
#
# Base R and MatchIt (lalonde is its data). MatchIt 4.5.1 cuts distances to whole numbers before it compares them:
# with each other, so that it is not greedy, and with the caliper, so that pairs far beyond it pass (`as_shipped`
# keeps the evidence). On scores times 1e8 the cut takes nothing away, and its pairs are those it means to make.
# Numbers have 17 significant digits; missing is null.

suppressPackageStartupMessages(library(MatchIt))
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "MatchIt"
source(file.path(here, "write_json.R"))

# --- the score and the pairs --------------------------------------------------------------------------------------
data(lalonde)
rownames(lalonde) <- seq_len(nrow(lalonde))
formula <- treat ~ age + educ + race + married + nodegree + re74 + re75
fit <- glm(formula, data = lalonde, family = binomial, control = glm.control(epsilon = 1e-14))
logit <- unname(predict(fit))
treat <- lalonde$treat

match_as <- function(order, scale = "logit", ratio = 1, replace = FALSE, exact = NULL, caliper = NULL, times = 1e8) {
  place <- if (scale == "logit") logit else plogis(logit)
  suppressWarnings(matchit(formula, data = lalonde, method = "nearest", distance = times * place, m.order = order,
                           ratio = ratio, replace = replace, exact = exact, std.caliper = FALSE,
                           caliper = if (!is.null(caliper)) times * caliper))
}
case <- function(ours, ...) {
  m <- match_as(...)$match.matrix
  list(options = ours,
       treated = many(as.integer(rownames(m)) - 1L),
       controls = lapply(seq_len(nrow(m)), function(i) many(as.integer(m[i, !is.na(m[i, ])]) - 1L)))
}
bad <- match_as("largest", caliper = 0.02, times = 1)$match.matrix
bad <- bad[!is.na(bad[, 1]), , drop = FALSE]
gaps <- abs(logit[as.integer(rownames(bad))] - logit[as.integer(bad[, 1])])
write_topic("propensity_matching", list(
  data = lapply(lalonde, function(x) many(if (is.factor(x)) as.character(x) else x)),
  score = list(names = many(names(coef(fit))), coefficients = many(coef(fit)), logit = many(logit)),
  pairs = list(
    case(list(order = "descending"), "largest"),
    case(list(order = "ascending"), "smallest"),
    case(list(order = "given"), "data"),
    case(list(order = "descending", caliper_scale = "probability"), "largest", "probability"),
    case(list(order = "descending", ratio = 2), "largest", ratio = 2),
    case(list(order = "descending", replace = 1), "largest", replace = TRUE),
    case(list(order = "descending", exact = "married"), "largest", exact = ~married),
    case(list(order = "descending", caliper = 0.02), "largest", caliper = 0.02),
    case(list(order = "ascending", caliper = 0.1), "smallest", caliper = 0.1),
    case(list(order = "given", caliper = 0.1), "data", caliper = 0.1),
    case(list(order = "descending", caliper = 0.1, ratio = 2), "largest", caliper = 0.1, ratio = 2),
    case(list(order = "descending", caliper = 0.02, caliper_scale = "probability"), "largest", "probability",
         caliper = 0.02)
  ),
  as_shipped = list(caliper = 0.02, pairs = nrow(bad), beyond = sum(gaps > 0.02), largest = max(gaps))
))

# --- weights ------------------------------------------------------------------------------------------------------
e <- plogis(logit)
p <- mean(treat)
ess <- function(w) sum(w)^2 / sum(w^2)
weights <- list(
  ate = ifelse(treat == 1, 1 / e, 1 / (1 - e)),
  ate_stabilised = ifelse(treat == 1, p / e, (1 - p) / (1 - e)),
  att = ifelse(treat == 1, 1, e / (1 - e)),
  overlap = ifelse(treat == 1, 1 - e, e)
)
cut_at <- quantile(weights$ate_stabilised, c(0.01, 0.99), type = 7)
weights$ate_truncated <- pmin(pmax(weights$ate_stabilised, cut_at[1]), cut_at[2])
write_topic("weighting", lapply(weights, function(w)
  list(weights = many(w), effective = many(c(ess(w[treat == 1]), ess(w[treat == 0]))))))

# --- balance ------------------------------------------------------------------------------------------------------
wvar <- function(x, w) cov.wt(matrix(x), w, method = "unbiased")$cov[1, 1]
ks <- function(x, w) {
  at <- sort(unique(x))
  f <- function(g) vapply(at, function(v) sum(w[treat == g & x <= v]), 0) / sum(w[treat == g])
  max(abs(f(1) - f(0)))
}
shares <- function(x, w, g) tapply(w[treat == g], x[treat == g], sum) / sum(w[treat == g])
distance <- function(d, s) {
  S <- Reduce(`+`, lapply(s, function(p) diag(p) - p %o% p)) / 2
  sqrt(drop(d[-1] %*% solve(S[-1, -1]) %*% d[-1]))
}
balance <- function(w) {
  one <- rep(1, length(w))
  sides <- function(x, w, f) c(f(x[treat == 1], w[treat == 1]), f(x[treat == 0], w[treat == 0]))
  numbers <- lapply(c("age", "educ", "re74"), function(v) {
    x <- as.numeric(lalonde[[v]]); m <- sides(x, w, weighted.mean)
    before <- sides(x, one, wvar); after <- sides(x, w, wvar)
    list(name = v, means = many(m), unmatched = (m[1] - m[2]) / sqrt(mean(before)),
         matched = (m[1] - m[2]) / sqrt(mean(after)), variance_ratio = after[1] / after[2], ks = ks(x, w))
  })
  s <- list(shares(lalonde$race, w, 1), shares(lalonde$race, w, 0))
  s1 <- list(shares(lalonde$race, one, 1), shares(lalonde$race, one, 0))
  d <- s[[1]] - s[[2]]
  v <- function(s) (s[[1]] * (1 - s[[1]]) + s[[2]] * (1 - s[[2]])) / 2
  list(numbers = numbers, levels = many(levels(lalonde$race)), shares = lapply(s, many),
       unmatched = many(d / sqrt(v(s1))), matched = many(d / sqrt(v(s))),
       factor_unmatched = distance(d, s1), factor_matched = distance(d, s))
}
matched <- match_as("largest")$weights
write_topic("balance", list(
  unweighted = c(list(weights = many(rep(1, 614))), balance(rep(1, 614))),
  matched = c(list(weights = many(matched)), balance(matched)),
  weighted = c(list(weights = many(weights$ate_stabilised)), balance(weights$ate_stabilised))
))

# --- E-values (formulas of VanderWeele & Ding 2017, table 2) --------------------------------------------------------
ev <- function(rr) { rr <- ifelse(rr < 1, 1 / rr, rr); rr + sqrt(rr * (rr - 1)) }
convert <- list(risk_ratio = identity, odds_ratio = sqrt,
                hazard_ratio = function(h) (1 - 0.5^sqrt(h)) / (1 - 0.5^sqrt(1 / h)))
one <- function(measure, common, est, lo, hi) {
  f <- if (common == 1) convert[[measure]] else identity
  near <- if (f(est) >= 1) f(lo) else f(hi)
  crosses <- (lo - 1) * (hi - 1) <= 0
  list(measure = measure, common = common, ratio = many(c(est, lo, hi)), as_risk_ratio = many(f(c(est, lo, hi))),
       e_value = ev(f(est)), limit = if (crosses) 1 else ev(near))
}
ratios <- list(c(0.56, 0.46, 0.69), c(0.68, 0.46, 1.01), c(2.13, 1.77, 2.72), c(1.48, 1.01, 2.18), c(0.02, 0.001, 0.4))
grid <- expand.grid(ratio = seq_along(ratios), common = 0:1, measure = names(convert), stringsAsFactors = FALSE)
write_topic("e_value", lapply(seq_len(nrow(grid)), function(i)
  do.call(one, c(list(grid$measure[i], grid$common[i]), as.list(ratios[[grid$ratio[i]]])))))
