// AgentFrameworks.swift - content of agent frameworks (attribute dictionary, section 4.11).

extension Dialect {
    /// Genkit, Haystack, Google ADK, LiveKit, CrewAI, SmolAgents.
    static let agentFrameworks = Dialect(
        tier: .dialect,
        content: [
            .key("genkit:input"),
            .key("genkit:output"),
            .key("haystack.pipeline.input_data"),
            .key("haystack.pipeline.output_data"),
            .key("haystack.agent.tools"),
            .key("haystack.tool.description"),
            .form("haystack.*.input"),
            .form("haystack.*.output"),
            .key("gcp.vertex.agent.llm_request"),
            .key("gcp.vertex.agent.llm_response"),
            .key("gcp.vertex.agent.tool_call_args"),
            .key("gcp.vertex.agent.tool_response"),
            .key("gcp.vertex.agent.data"),
            .key("lk.input_text"),
            .key("lk.user_input"),
            .key("lk.user_transcript"),
            .key("lk.chat_ctx"),
            .key("lk.instructions"),
            .key("lk.response.text"),
            .key("lk.response.function_calls"),
            .key("lk.function_tool.arguments"),
            .key("lk.function_tool.output"),
            .key("crew_agents"),
            .key("crew_tasks"),
            .key("crew_inputs"),
            .key("task_output"),
            .key("formatted_description"),
            .key("formatted_expected_output"),
            .key("smolagents.task"),
        ]
    )
}
