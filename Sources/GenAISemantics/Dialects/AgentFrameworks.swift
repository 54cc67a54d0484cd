// AgentFrameworks.swift - content of agent frameworks (attribute dictionary, section 4.11).

extension Dialect {
    /// CrewAI, SmolAgents, Strands: what they add to the dialects that instrument them.
    static let agentFrameworks = Dialect(
        tier: .dialect,
        content: [
            .key("crew_agents"),
            .key("crew_tasks"),
            .key("crew_inputs"),
            .key("task_output"),
            .key("formatted_description"),
            .key("formatted_expected_output"),
            .key("smolagents.task"),
            // Strands: of the event gen_ai.choice, beside `message`.
            .key("tool.result"),
        ]
    )
}
