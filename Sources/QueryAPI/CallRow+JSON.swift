// CallRow+JSON.swift - a call as lists and details show it.

import OTLPCodec
import TraceModel
import TraceStore

extension CallRow {
    /// Appends the members of a row, without the braces around them, and how it counts unless all rows do.
    func appendMembers(isCounted: Bool, to json: inout [UInt8]) {
        json.append(raw: "\"request_id\":")
        json.appendJSON(CallID(self).text)
        json.append(raw: ",\"model\":")
        json.appendJSON(model)
        json.append(raw: ",\"provider\":")
        json.appendJSON(provider)
        json.append(raw: ",\"tokens_in\":")
        json.appendJSON(tokensInput)
        json.append(raw: ",\"tokens_out\":")
        json.appendJSON(tokensOutput)
        json.append(raw: ",\"cost_usd\":")
        json.appendJSON(cost)
        json.append(raw: ",\"latency_ms\":")
        json.appendJSON(milliseconds: duration)
        json.append(raw: ",\"status\":")
        json.appendJSON(status.rawValue)
        json.append(raw: ",\"created_at\":")
        json.appendJSON(timeToTheSecond: start)
        guard !isCounted else { return }
        json.append(raw: ",\"counted\":")
        json.appendJSON(scope.name)
    }
}
