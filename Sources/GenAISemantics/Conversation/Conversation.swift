// Conversation.swift - what went into a model, tool or step, and what came out, in one shape for all dialects.

public import TraceModel

/// The content of one span (attribute dictionary, sections 1 and 3).
///
/// Made from the stored span when it is read; the attributes that it was made from stay as they are.
public struct Conversation: Sendable, Equatable {
    /// What the request asked for besides its content, such as `temperature`; names in snake case.
    public var requestParams: [JSONMember] = []
    /// Instructions that were given apart from the messages.
    public var systemInstructions: [MessagePart] = []
    /// The tools that the model was offered.
    public var tools: [ToolDefinition] = []
    /// What the model was sent.
    public var input: [ChatMessage] = []
    /// What the model answered, one message for each choice.
    public var output: [ChatMessage] = []
    /// What a step took that is no conversation; text is a JSON string.
    public var inputValue: JSONValue?
    /// What a step gave that is no conversation; text is a JSON string.
    public var outputValue: JSONValue?
    /// The run of a tool.
    public var toolRun: ToolRun?
    /// A look-up of documents.
    public var retrieval: Retrieval?
    /// The texts that were embedded.
    public var embeddingInputs: [String] = []
    /// The tags that the application put on the span.
    public var tags: [String] = []
    /// Where the content was found.
    public var source = ContentSource()

    /// Makes an empty conversation.
    public init() {}

    /// Whether nothing was found.
    public var isEmpty: Bool { self == Conversation() }
}

/// The names under which the content of a span was found; nil for what was not.
public struct ContentSource: Sendable, Equatable {
    /// Where the input stood: an attribute, a family such as `gen_ai.prompt.N`, or the name of an event.
    public var input: String?
    /// Where the output stood.
    public var output: String?

    /// Makes a source that names nothing.
    public init() {}
}

/// One message of a conversation.
public struct ChatMessage: Sendable, Equatable {
    /// `system`, `user`, `assistant`, `tool`, or what the sender wrote when it is none of them.
    public var role: String
    /// Who speaks, where several have the same role.
    public var name: String?
    /// The content in order.
    public var parts: [MessagePart]
    /// Why the model stopped.
    public var finishReason: String?
    /// The call that a message of a tool answers.
    public var toolCallID: String?

    /// Makes a message.
    public init(
        role: String,
        name: String? = nil,
        parts: [MessagePart] = [],
        finishReason: String? = nil,
        toolCallID: String? = nil
    ) {
        self.role = role
        self.name = name
        self.parts = parts
        self.finishReason = finishReason
        self.toolCallID = toolCallID
    }
}

/// A piece of a message.
public enum MessagePart: Sendable, Equatable {
    /// Text.
    case text(String)
    /// What the model thought before it answered.
    case reasoning(String)
    /// A call that the model wants; the arguments are text when they are no JSON.
    case toolCall(id: String?, name: String?, arguments: JSONValue)
    /// What a call gave; text when it is no JSON.
    case toolResult(id: String?, name: String?, result: JSONValue)
    /// An image, a sound, a video or a document, by reference.
    case media(MediaReference)
    /// Any other type, as it was sent.
    case generic(type: String, value: JSONValue)
}

/// Where an image, sound, video or document is; never its bytes.
public struct MediaReference: Sendable, Equatable {
    /// What kind of thing it is.
    public enum Modality: String, Sendable {
        /// A picture.
        case image
        /// A sound.
        case audio
        /// A video.
        case video
        /// Anything else that is a file.
        case document
    }

    /// How to find it.
    public enum Place: Sendable, Equatable {
        /// By an address.
        case uri(String)
        /// By the id of a file at the provider.
        case file(String)
        /// In the span's attributes; so many bytes.
        case inline(bytes: Int)
    }

    /// What kind of thing it is.
    public var modality: Modality
    /// Its media type, such as `image/png`.
    public var mimeType: String?
    /// How to find it.
    public var place: Place

    /// Makes a reference.
    public init(modality: Modality, mimeType: String?, place: Place) {
        self.modality = modality
        self.mimeType = mimeType
        self.place = place
    }
}

/// A tool that a model was offered.
public struct ToolDefinition: Sendable, Equatable {
    /// The name; of a tool of the provider its type.
    public var name: String
    /// What it does.
    public var description: String?
    /// The JSON schema of its arguments, or what else configures it.
    public var parameters: JSONValue?

    /// Makes a definition.
    public init(name: String, description: String? = nil, parameters: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// The run of a tool.
public struct ToolRun: Sendable, Equatable {
    /// The tool.
    public var name: String?
    /// The call of the model that it answers.
    public var callID: String?
    /// What went in; text when it is no JSON.
    public var arguments: JSONValue?
    /// What came out; text when it is no JSON.
    public var result: JSONValue?

    /// Makes a run of which nothing is known.
    public init() {}
}

/// A look-up of documents, or their ranking.
public struct Retrieval: Sendable, Equatable {
    /// What was looked for.
    public var query: JSONValue?
    /// What was found, best first as sent; of a ranking what was given to it when the result is unknown.
    public var documents: [JSONValue] = []

    /// Makes a look-up of which nothing is known.
    public init() {}
}
