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
