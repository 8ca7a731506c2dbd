"""The tables of a report page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from desktop.research import report_numbers as numbers
from desktop.research.report import BacktestReport
from desktop.research.statistics import RuleCount
from desktop.trading.ratios import total_return

TRADES_SHOWN = 500
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DEEPEST = 0.5  # how strongly the best and the worst month are coloured
_CURVE = 0.6  # below 1: one extreme month does not leave all others pale


def cell(text: str, *, tone: bool = False, numeric: bool = True) -> str:
    """Return a cell; numbers stand to the right, `tone` colours a signed figure by its sign."""
    kinds = [*(["n"] if numeric else []), *([numbers.tone(text)] if tone else [])]
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    return f"<td{kind}>{escape(text)}</td>"


def table(titles: Sequence[tuple[str, bool]], rows: Iterable[str], *, kind: str = "") -> str:
    """Return a table; a title is its text and whether numbers stand under it, a row its cells."""
    head = "".join(f"<th{' class=n' if numeric else ''}>{escape(text)}</th>" for text, numeric in titles)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table{f' class={kind}' if kind else ''}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def warning_section(report: BacktestReport) -> str:
    """Return what the run warned of; nothing where it warned of nothing."""
    if not report.result.warnings:
        return ""
    lines = "".join(f"<li>{escape(line)}</li>" for line in report.result.warnings)
    return f"<section><h2>Warnings</h2><ul>{lines}</ul></section>"


def metrics_section(report: BacktestReport) -> str:
    """Return all metrics, each with its meaning."""
    metrics, result = report.metrics, report.result
    currency, cash = result.settings.currency, float(result.settings.cash)
    held = total_return(cash, float(report.benchmark[-1])) if len(report.benchmark) else None
    year = f"{metrics.periods_per_year} returns make a year"
    rows = (
        (
            "Total return",
            numbers.percent(metrics.total_return, signed=True),
            "equity at the end over the starting cash",
        ),
        (
            f"{report.benchmark_name} held",
            numbers.percent(held, signed=True),
            "the same cash, bought and held, no fees",
        ),
        ("Growth a year (CAGR)", numbers.percent(metrics.cagr, signed=True), f"compounded; {year}"),
        ("Volatility", numbers.percent(metrics.volatility), "deviation of daily returns, over a year"),
        ("Sharpe ratio", numbers.number(metrics.sharpe, 2), "mean over deviation of daily returns, over a year"),
        ("Sortino ratio", numbers.number(metrics.sortino, 2), "mean over downside deviation, over a year"),
        ("Max drawdown", numbers.percent(metrics.max_drawdown, signed=True), "deepest fall below the highest equity"),
        (
            "Value at risk, 95 %",
            numbers.percent(metrics.var_95, signed=True),
            f"one day in twenty was worse; of {metrics.return_count:,} daily returns",
        ),
        ("Exposure", numbers.percent(metrics.exposure, decimals=1), "share of bars that closed with a position"),
        ("Trades", f"{metrics.trade_count:,}", "positions from flat to flat"),
        ("Win rate", numbers.percent(metrics.win_rate, decimals=1), "share of trades with a net gain"),
        ("Profit factor", numbers.number(metrics.profit_factor, 2), "net gains over net losses; none without a loss"),
        ("Expectancy", numbers.money(metrics.expectancy, currency, signed=True), f"{currency} an average trade, net"),
        ("Average holding", numbers.duration(metrics.average_holding), "from the entry bar to the exit"),
        ("Turnover", numbers.number(metrics.turnover, 2), "bought and sold, as a multiple of the mean equity"),
        ("Fees", numbers.money(metrics.fees, currency), f"{currency}, all fills"),
    )
    lines = (
        cell(name, numeric=False)
        + cell(text, tone=text.startswith(("+", numbers.MINUS)))
        + f'<td class="muted">{escape(meaning)}</td>'
        for name, text, meaning in rows
    )
    heads = (("Metric", False), ("Value", True), ("Meaning", False))
    undefined = any(text == numbers.NOTHING for _, text, _ in rows)
    dash = f'<p class="muted">{numbers.NOTHING}: not defined for this run.</p>' if undefined else ""
    said = numbers.few_days(metrics.return_count, metrics.periods_per_year)
    few = f'<p class="muted">{escape(said)}</p>' if said else ""
    return f"<section><h2>Metrics</h2>{few}{table(heads, lines)}{dash}</section>"


def month_section(report: BacktestReport) -> str:
    """Return the returns by month and year, coloured by their size."""
    if not report.monthly:
        return ""
    months = [value for row in report.monthly for value in row.months if value is not None]
    most = max((abs(value) for value in months), default=0.0)
    rows = (
        f"<th>{row.year}</th>" + "".join(_heat(value, most) for value in row.months) + _heat(row.total, 0.0)
        for row in report.monthly
    )
    heads = (("Year", False), *((month, True) for month in _MONTHS), ("Total", True))
    return f"<section><h2>Monthly returns, %</h2>{table(heads, rows, kind='heat')}</section>"


def _heat(value: float | None, most: float) -> str:
    """Return a cell as deeply coloured as its return is large beside the largest; `most` 0: a total, without colour."""
    if value is None:
        return "<td></td>"
    text = numbers.number(value * 100, 2, signed=True)
    if not most:
        return f'<td class="total {numbers.tone(text)}">{text}</td>'
    return f'<td class="{numbers.tone(text)}" style="--deep:{_DEEPEST * (abs(value) / most) ** _CURVE:.2f}">{text}</td>'


def clause_section(report: BacktestReport) -> str:
    """Return how often each clause was true, and what was stopped by which check."""
    heads = (("Clause", False), ("Bars judged", True), ("Bars true", True), ("Share", True), ("Decisive alone", True))
    parts = [_rule(rule) + table(heads, _clauses(rule)) for rule in report.rules]
    note = (
        '<p class="muted">Counted on all bars, whether or not there was a position. Bars judged: those on which the '
        "indicators had enough history for a verdict. Decisive alone: bars on which this clause made the difference, "
        "with “and” as the only one that was missing, with “or” as the only one that was true. A dash: it depends on "
        "the position.</p>"
    )
    return f"<section><h2>Rules</h2>{''.join(parts)}{note}{_blocks(report)}</section>"


def _rule(rule: RuleCount) -> str:
    said = f"{rule.symbol}, {rule.role.value}"
    true = "" if rule.true is None else f": true on {rule.true:,} of {rule.known:,} judged bars"
    return f"<h3>{escape(said)}{true}</h3><p><code>{escape(rule.text)}</code></p>"


def _clauses(rule: RuleCount) -> Iterable[str]:
    for clause in rule.clauses:
        yield (
            f"<td><code>{escape(clause.text)}</code></td>"
            + "".join(cell(numbers.NOTHING if count is None else f"{count:,}") for count in (clause.known, clause.true))
            + cell(numbers.percent(clause.share, decimals=1))
            + cell(numbers.NOTHING if clause.alone is None else f"{clause.alone:,}")
        )


def _blocks(report: BacktestReport) -> str:
    result = report.result
    raised = f"{result.signals:,} signals were raised and {result.orders:,} orders placed."
    if not result.blocks:
        return f"<h3>Stopped</h3><p>{raised} No risk check stopped anything.</p>"
    rows = (
        cell(check, numeric=False) + cell(f"{count:,}")
        for check, count in sorted(result.blocks.items(), key=lambda item: -item[1])
    )
    heads = (("Risk check", False), ("Times", True))
    return f"<h3>Stopped</h3><p>{raised} What was true but stopped by a check:</p>{table(heads, rows)}"


def symbol_section(report: BacktestReport) -> str:
    """Return what each symbol did; nothing for a single one."""
    if len(report.symbols) < 2:
        return ""
    currency = report.result.settings.currency
    rows = (
        cell(item.symbol, numeric=False)
        + cell(f"{item.trades.count:,}")
        + cell(numbers.percent(item.trades.win_rate, decimals=1))
        + cell(numbers.money(item.trades.gain - item.trades.loss, currency, signed=True), tone=True)
        + cell(numbers.money(item.fees, currency))
        + cell(numbers.percent(item.mean_allocation, decimals=1))
        + cell(numbers.percent(item.largest_allocation, decimals=1))
        for item in report.symbols
    )
    heads = (
        *(("Symbol", False), ("Trades", True), ("Win rate", True), (f"P&L net, {currency}", True), ("Fees", True)),
        *(("Mean share of equity", True), ("Largest share", True)),
    )
    return f"<section><h2>Symbols</h2>{table(heads, rows)}</section>"


def trade_section(report: BacktestReport) -> str:
    """Return the latest trades, newest first."""
    result, trades = report.result, report.result.trades
    if not trades:
        why = "".join(f"<p>{escape(sentence)}</p>" for sentence in report.no_trades)
        return f"<section><h2>Trades</h2><p>No position was closed.</p>{why}</section>"
    currency, first = result.settings.currency, max(0, len(trades) - TRADES_SHOWN)
    known = {item.symbol: item for item in result.settings.instruments}
    heads = (
        *(("No.", True), ("Symbol", False), ("Entry (UTC)", False), ("Entry price", True), ("Exit (UTC)", False)),
        *(("Exit price", True), ("Quantity", True), (f"P&L net, {currency}", True), ("Fees", True)),
        *(("Bars", True), ("Closed by", False)),
    )
    rows = (
        cell(f"{first + place:,}")
        + cell(trade.symbol, numeric=False)
        + cell(numbers.moment(trade.entry_time), numeric=False)
        + cell(numbers.number(trade.entry_price, known[trade.symbol].shown_decimals(trade.entry_price)))
        + cell(numbers.moment(trade.exit_time), numeric=False)
        + cell(numbers.number(trade.exit_price, known[trade.symbol].shown_decimals(trade.exit_price)))
        + cell(numbers.exact(trade.quantity))
        + cell(numbers.money(trade.pnl, currency, signed=True), tone=True)
        + cell(numbers.money(trade.fees, currency))
        + cell(f"{trade.bars_held:,}")
        + cell(trade.reason, numeric=False)
        for place, trade in reversed(list(enumerate(trades[first:], start=1)))
    )
    shown = f"The {TRADES_SHOWN:,} latest of {len(trades):,}; all of them are in trades.csv of the CSV export."
    note = f"<p>{shown}</p>" if first else ""
    return f"<section><h2>Trades</h2>{note}{table(heads, rows)}</section>"


def end_section(report: BacktestReport) -> str:
    """Return what was still open when the data ended; nothing where nothing was."""
    result, currency = report.result, report.result.settings.currency
    parts = []
    if result.positions:
        rows = (
            cell(item.symbol, numeric=False)
            + cell(numbers.exact(item.quantity))
            + cell(numbers.money(item.cost, currency))
            + cell(numbers.money(result.values[item.symbol], currency))
            + cell(numbers.money(result.values[item.symbol] - item.cost, currency, signed=True), tone=True)
            for item in result.positions
        )
        heads = (("Position", False), ("Quantity", True), ("Cost", True), ("Value", True), ("Unrealised", True))
        parts.append(table(heads, rows))
    if result.working:
        orders = (
            f"{order.side.value} {numbers.exact(order.quantity)} {order.symbol} {order.kind.value}"
            for order in result.working
        )
        parts.append("".join(f"<p>Still waiting: {escape(line)}</p>" for line in orders))
    return f"<section><h2>Open at the end, {escape(currency)}</h2>{''.join(parts)}</section>" if parts else ""
