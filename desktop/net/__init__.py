"""What adapters share on a network: times on the wire, rate limits, requests, streams that mend themselves."""
