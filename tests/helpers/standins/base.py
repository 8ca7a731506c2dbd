"""What every stand-in of a broker shares: a venue that is really there, on loopback sockets, and breaks on request.

A stand-in is a real server (aiohttp.web) that a real adapter talks to. A test runs it in its own loop::

    async with AlpacaStandin(cash=Decimal(100_000)) as standin:      # also: await standin.start() / .stop()
        standin.price("SPY", "100.00", "100.02")                     # moves the market and fills what is due
        broker = AlpacaBroker(ref, key_id=standin.key_id, secret=standin.secret, ..., url=standin.url)
        ...
        standin.ledger.check_no_duplicates()

or as a process of its own, which survives the client and prints its port as its first line (`process.py` starts it,
moves its market and reads its ledger)::

    python -m tests.helpers.standins.alpaca --port 0 --ledger FILE [--cash 100000] [--price SPY=100.00,100.02]

Vocabulary (lower case, neutral; each stand-in translates it to its own wire): side "buy"|"sell"; kind "market"|"limit"|
"stop"|"stop_limit"; time in force "day"|"gtc"; status "new"|"held"|"partially_filled"|"filled"|"pending_cancel"|
"canceled"|"expired"|"rejected"|"replaced". Money is Decimal, times are µs UTC.

`Standin` (below)
    url, port, key_id, secret          where it is and the credentials it accepts ("revoke" makes it accept none)
    clock                              anything with `now()` (µs UTC); the wall clock unless given
    await start(port=0) / stop()       listening; stop closes every socket and leaves no task
    price(symbol, bid, ask, size=None) the market moves; market orders fill at once, limits and stops when crossed;
                                       `size`: no more than that trades at this price (part fills)
    fill(client_id, quantity=None, price=None)   a fill by hand, whatever the market says
    expire(client_id) / reject(client_id, reason) / end_of_day()
    place_elsewhere(symbol=, side=, quantity=, kind="market", limit_price=None, client_id=None, ...) -> StandinOrder
                                       an order by hand, or of another machine (give it a client id like Assay's)
    cancel_elsewhere(client_id)
    halt(symbol) / resume(symbol)      a trading halt: orders are taken, nothing matches
    split(symbol, new, old)            positions are multiplied by new/old, open orders are cancelled
    bust(execution_id)                 the venue takes an execution back: position and cash are corrected
    revoke() / restore()               credentials are refused (open sockets are closed) / accepted again
    silence() / speak()                streams stay open and say nothing / say again what happens from now on
    drop_sockets()                     every stream is cut, without a farewell
    release()                          answers held back by "delay" go out
    await settled()                    everything said so far was handed to the sockets
    await connected(n=1)               until n streams are listening
    await until(condition)             until `condition()` holds; looked at after every request and message
    requests: list[Request]            every HTTP request, in order (where, method, path, body, client_id, outcome)
    ledger: Ledger, venue: Venue, faults: Faults

`Faults` (faults.py): `standin.faults.add(where, kind, count=1, ...)`: the next `count` requests (messages) of that place
meet the fault, in the order added. where: "submit"|"cancel"|"replace"|"read"|"stream".
    requests: "lose-request"           connection closed before it is taken
              "lose-answer"            taken, then the connection is closed without an answer
              "delay"                  taken, the answer waits for `after=n` further requests, or for release();
                                       with late=True it is taken only then
              429                      not taken; Retry-After: `retry_after` seconds
              500|502|504              `taken=False|True`
              "reject"                 refused with the venue's words (`message=`); with late=True it is taken and the
                                       stream tells of the rejection
              "part-fill"  (submit)    only `quantity` (default: half) of that order fills by itself
              "lag"        (read)      reads do not show orders younger than `count` reads
              "unreadable"             taken; the answer is not JSON
              "revoke", "halt"         as revoke(), halt(symbol of the request), from this request on
    stream:   "drop-socket"            the next message is lost with its sockets
              "silence"                from the next message on (speak() ends it)
              "duplicate"              said twice
              "reorder"                said after the message that follows it
              "lose"                   never said, the socket stays

`Ledger` (ledger.py): what is true at the venue, and durable with a file: one JSON line per post, order, execution.
    orders: dict[broker id, StandinOrder]; order(client_id) -> StandinOrder | None; by_client(client_id) -> [StandinOrder]
    posts: list[Post]                  every request to place an order that arrived, also lost and duplicate ones, with
                                       its outcome ("taken"|"lost"|"refused"|"duplicate"|"limited"|"failed")
    executions: list[Execution]; positions: dict[symbol, Position]; cash
    check_no_duplicates()              AssertionError unless: one order per client id, nothing was posted again once it
                                       was taken, execution ids unique, filled = sum of executions,
                                       position = their signed sum
    Ledger.read(path)                  the same from a file, in another process

`Venue` (matching.py): the synchronous matching core: `place`, `cancel`, `replace`, `price`, `fill`; it calls
`listener(event, order, execution | None)` for each change; event "new"|"fill"|"partial_fill"|"canceled"|"expired"|
"rejected"|"replaced"|"pending_cancel"|"held". A stand-in subclasses `Standin`, adds its routes, names the place of a
request (`where`), the body of an error (`error_body`), and turns events into stream messages (`announce`).
"""
