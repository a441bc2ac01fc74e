-- wrk's part of a measurement: wrk … URL -- FILE PAUSE. FILE has one request a line, "HOST COOKIE", taken in turns ("-" for none of
-- them); each connection waits PAUSE milliseconds before the next request. Says: LOAD requests/s p50 p99 requests faults.

local requests, at, pause = {}, 0, 0

function init(args)
    pause = tonumber(args[2] or "0")
    if args[1] and args[1] ~= "-" then
        for line in io.lines(args[1]) do
            local host, cookie = line:match("^(%S+) (.+)$")
            local headers = {}
            if host ~= "-" then headers["Host"] = host end
            if cookie ~= "-" then headers["Cookie"] = cookie end
            requests[#requests + 1] = wrk.format("GET", wrk.path, headers)
        end
    else
        requests[1] = wrk.format("GET", wrk.path)
    end
    if pause > 0 then
        delay = function() return pause end
    end
end

function request()
    at = at % #requests + 1
    return requests[at]
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format("LOAD %.2f %.4f %.4f %d %d\n", summary.requests / (summary.duration / 1000000),
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests,
        e.connect + e.read + e.write + e.timeout + e.status))
end
