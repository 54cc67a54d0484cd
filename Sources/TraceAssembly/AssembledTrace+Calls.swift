// AssembledTrace+Calls.swift - entering the call of a span.

import TraceModel

extension AssembledTrace {
    /// Makes or renews the record of a node's call; the node refers to it afterwards.
    mutating func enter(_ call: UnsafePointer<LLMCall>, of node: Int32, instrumentation: UInt32) {
        let fields = compact(call, of: nodes[Int(node)])
        let role = call.pointee.role
        var index = nodes[Int(node)].call
        if index < 0, !retired.isEmpty, let former = retired.removeValue(forKey: nodes[Int(node)].id) { index = former }
        if index < 0 {
            index = Int32(calls.count)
            if calls.isEmpty { calls.reserveCapacity(4) }
            calls.append(CallRecord(fields: fields, role: role, node: node, index: index))
        } else {
            calls[Int(index)].fields = fields
            calls[Int(index)].role = role
        }
        calls[Int(index)].instrumentation = instrumentation
        calls[Int(index)].flags.insert(.present)
        nodes[Int(node)].call = index
        nodes[Int(node)].role = role
        if nodes[Int(node)].status == .error {
            calls[Int(index)].flags.insert(.failed)
        } else {
            calls[Int(index)].flags.remove(.failed)
        }
        if nodes[Int(node)].marks.contains(.pending) {
            calls[Int(index)].flags.insert(.pending)
        } else {
            calls[Int(index)].flags.remove(.pending)
        }
        if role.isProviderCall, fields.carriesUsage { nodes[Int(node)].flags.insert(.providerUsage) }
        if calls[Int(index)].isCall(fields) { totals.mentions += 1 }
        noteChange(index)
        markDirty(index)
    }

    /// Takes a call out of the totals before its fields change or it goes.
    mutating func withdraw(_ index: Int32) {
        uncount(index)
        if calls[Int(index)].isCall(calls[Int(index)].fields) { totals.mentions -= 1 }
        noteChange(index)
    }

    private mutating func compact(_ call: UnsafePointer<LLMCall>, of node: Node) -> CallFields {
        let fields = CallFields(
            operation: symbols.symbol(for: call.pointee.operation, hint: hints.operation),
            provider: symbols.symbol(for: call.pointee.provider, hint: hints.provider),
            requestModel: symbols.symbol(for: call.pointee.requestModel, hint: hints.requestModel),
            responseModel: symbols.symbol(for: call.pointee.responseModel, hint: hints.responseModel),
            errorType: symbols.symbol(for: call.pointee.errorType, hint: hints.errorType),
            session: node.session,
            user: node.user,
            price: symbols.symbol(for: call.pointee.price, hint: hints.price),
            labels: symbols.symbol(for: call.pointee.labels, hint: .none),
            responseID: identifiers.symbol(for: call.pointee.responseID, hint: .none),
            requestID: identifiers.symbol(for: call.pointee.requestID, hint: .none),
            isStreaming: call.pointee.isStreaming,
            input: Known(call.pointee.usage.input),
            output: Known(call.pointee.usage.output),
            cacheRead: Known(call.pointee.usage.cacheRead),
            cacheWrite: Known(call.pointee.usage.cacheWrite),
            reasoning: Known(call.pointee.usage.reasoning),
            cost: Known(call.pointee.costReported?.value),
            computed: Known(call.pointee.costComputed?.value),
            timeToFirstToken: Known(call.pointee.timeToFirstToken)
        )
        hints.note(fields)
        return fields
    }

    mutating func markDirty(_ call: Int32) {
        guard !calls[Int(call)].flags.contains(.dirty) else { return }
        calls[Int(call)].flags.insert(.dirty)
        dirtyCalls.insert(call)
    }

    mutating func markAffected(_ call: Int32) {
        guard !calls[Int(call)].flags.contains(.affected) else { return }
        calls[Int(call)].flags.insert(.affected)
        affectedCalls.insert(call)
    }

    mutating func noteChange(_ call: Int32) {
        guard !calls[Int(call)].flags.contains(.changed) else { return }
        calls[Int(call)].flags.insert(.changed)
        changedCalls.insert(call)
    }

    func startsBefore(_ left: Int32, _ right: Int32) -> Bool {
        nodes[Int(calls[Int(left)].node)].startsBefore(nodes[Int(calls[Int(right)].node)])
    }
}
