# Writes firth_profiles.json: Firth's logistic regression with profile penalised limits, in plain R, as `logistf`
# and its `CLIP.confint` define them (neither package is needed).
#
#   Rscript tests/oracle/regenerate_firth.R

options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "stats"
source(file.path(here, "write_json.R"))

# Log-likelihood plus half the log determinant of the information; x with the intercept.
height <- function(b, x, y) {
  eta <- as.vector(x %*% b); p <- plogis(eta)
  sum(ifelse(y > 0, plogis(eta, log.p = TRUE), plogis(-eta, log.p = TRUE))) +
    determinant(crossprod(x, x * (p * (1 - p))))$modulus[1] / 2
}
slope <- function(b, x, y) {
  p <- plogis(as.vector(x %*% b)); w <- p * (1 - p)
  h <- w * rowSums((x %*% solve(crossprod(x, x * w))) * x)
  as.vector(crossprod(x, y - p + h * (0.5 - p)))
}
# The maximum with some coefficients held at 0 or another value.
climb <- function(x, y, held = integer(), at = numeric(), start = rep(0, ncol(x))) {
  free <- setdiff(seq_len(ncol(x)), held)
  whole <- function(b) { full <- numeric(ncol(x)); full[held] <- at; full[free] <- b; full }
  if (!length(free)) return(list(b = whole(numeric()), height = height(whole(numeric()), x, y)))
  b <- start[free]
  for (round in 1:3)
    b <- optim(b, function(b) height(whole(b), x, y), function(b) slope(whole(b), x, y)[free], method = "BFGS",
               control = list(fnscale = -1, reltol = 1e-16, maxit = 5000))$par
  list(b = whole(b), height = height(whole(b), x, y))
}
# Distribution function of one coefficient that the profiles imply: their mean over the data sets.
mean_cdf <- function(sets, tops, j, value) mean(mapply(function(d, top) {
  fall <- max(0, 2 * (top$height - climb(d$x, d$y, j, value, top$b)$height))
  pnorm(sign(value - top$b[j]) * sqrt(fall))
}, sets, tops))
crossing <- function(sets, tops, j, share) {
  middle <- mean(sapply(tops, function(t) t$b[j]))
  ends <- middle + c(-3, 3)
  uniroot(function(v) mean_cdf(sets, tops, j, v) - share, ends, extendInt = "upX", tol = 1e-11)$root
}
firth <- function(sets, joint = NULL) {
  sets <- lapply(sets, function(d) list(x = cbind(1, as.matrix(d$x)), y = d$y))
  tops <- lapply(sets, function(d) climb(d$x, d$y))
  j <- 1 + seq_len(ncol(sets[[1]]$x) - 1)
  below <- sapply(j, function(i) mean_cdf(sets, tops, i, 0))
  found <- list(coefficients = many(rowMeans(sapply(tops, function(t) t$b))[j]),
       low = many(sapply(j, function(i) crossing(sets, tops, i, .025))),
       high = many(sapply(j, function(i) crossing(sets, tops, i, .975))),
       p_values = many(2 * pmin(below, 1 - below)))
  if (!is.null(joint)) {
    d <- sets[[1]]; chi <- 2 * (tops[[1]]$height - climb(d$x, d$y, joint + 1, 0 * joint)$height)
    found$joint <- many(joint); found$joint_p <- pchisq(chi, length(joint), lower.tail = FALSE)
  }
  found
}
input <- function(sets) lapply(sets, function(d) list(x = lapply(as.list(as.data.frame(d$x)), many), y = many(d$y)))
case <- function(sets, joint = NULL) list(sets = unname(input(sets)), found = firth(sets, joint))
table22 <- function(a, n1, b, n0) list(x = data.frame(x = rep(1:0, c(n1, n0))), y = c(rep(1:0, c(a, n1 - a)), rep(1:0, c(b, n0 - b))))

set.seed(7)
n <- 24
age <- round(rnorm(n, 62, 8)); man <- rbinom(n, 1, .6); mild <- rbinom(n, 1, .3); severe <- ifelse(mild == 1, 0, rbinom(n, 1, .4))
y <- rbinom(n, 1, plogis((age - 62) / 10 + man - .5))
y[severe == 1] <- 1
d <- data.frame(age = age / 10, man, mild, severe)
versions <- lapply(1:3, function(i) { v <- d; lost <- c(2, 9, 15, 20); v$man[lost] <- rbinom(4, 1, .5); v$age[c(3, 11)] <- 5 + i / 2; list(x = v, y = y) })

tables <- list(c(1, 1, 0, 1), c(1, 1, 0, 2), c(1, 1, 0, 11), c(1, 2, 0, 9), c(1, 1, 0, 60), c(1, 5, 0, 7), c(4, 4, 0, 6), c(3, 7, 0, 6),
               c(12, 12, 0, 25), c(1, 40, 0, 40))
write_topic("firth_profiles", list(
  tables = lapply(tables, function(t) c(list(table = many(t)), case(list(do.call(table22, as.list(t)))))),
  separated = case(list(list(x = d, y = y)), 3:4),
  imputed = case(versions)
))
