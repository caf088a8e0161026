/**
 * One answer of each documented endpoint in our own words, with the documented example's fields in the documented
 * order and values of the documented types.
 */

/** OpenCopilot, "Conversation messages". */
export const opencopilotMessages = [
  {
    action_called: false,
    client_extra_params: {},
    from: "copilot",
    knowldgebase_called: false,
    message: "Hi, what can I do for you?"
  },
  {
    action_called: false,
    client_extra_params: {},
    from: "user",
    knowldgebase_called: false,
    message: "good morning"
  }
]

/** Chatling, "List messages". */
export const chatlingMessages = {
  status: "success",
  data: {
    pages: { current_page: 1, last_page: 1, per_page: 15 },
    messages: [
      {
        text: "A webhook tells your own server of every new conversation.",
        role: "bot",
        is_ai_kb_response: true,
        data: {
          helpful_value: null,
          sources: [
            { type: "webpage", title: "Webhooks", url: "https://help.example.com/webhooks" },
            { type: "webpage", title: "Events", url: "https://help.example.com/events" }
          ]
        },
        created_at: "2024-03-02T10:00:07+00:00"
      },
      { text: "what is a webhook?", role: "user", created_at: "2024-03-02T10:00:01+00:00" },
      {
        text: "**Welcome!** Ask away.",
        role: "bot",
        is_ai_kb_response: true,
        data: { helpful_value: null, sources: [] },
        created_at: "2024-03-01T08:30:09+00:00"
      },
      { text: "hi", role: "user", created_at: "2024-03-01T08:30:04+00:00" }
    ]
  }
}

/** OpenCopilot, "Conversation history" v2. */
export const opencopilotOrganizationConversations = [
  {
    id: "0f8b6c1e-7a2d-4f3b-9c5e-1d2a3b4c5d6e",
    copilot_id: "9e8d7c6b-5a49-4838-8271-605f4e3d2c1b",
    created_at: "2024-02-11T09:15:30.000Z",
    channel: "web",
    summary: "A customer waits for a replacement and asks for a colleague.",
    classification: "DELIVERY",
    assignee_id: "copilot",
    handoff: true,
    handoff_sentiment: "neutral",
    status: "OPEN",
    meta: null,
    action_called: 2,
    total_messages: 14
  }
]

/** Botuj, "Conversation Messages": the document shows one object. */
export const botujMessage = {
  id: 20817,
  message: "who made you?",
  userId: "3c1f0a52-6d7e-4b8a-9f10-2a3b4c5d6e7f",
  isUser: true,
  type: "freeshot",
  createdOn: "2024-02-20T14:05:33.604215Z"
}

/** GPTBots, "Get Conversation Detail" v1. */
export const gptbotsMessages = {
  total: 3,
  messages: [
    {
      message_id: "651c0f3a8e4b2d7c9a0f1e2d",
      parent_message_id: "",
      message_type: "ANSWER",
      text: "Good day, I answer questions about our tools.",
      create_time: 1696337722104
    },
    {
      message_id: "751c0f3a8e4b2d7c9a0f1e2d",
      parent_message_id: "651c0f3a8e4b2d7c9a0f1e2d",
      message_type: "QUESTION",
      text: "Which tools are there?",
      create_time: 1696337722104
    },
    {
      message_id: "851c0f3a8e4b2d7c9a0f1e2d",
      parent_message_id: "751c0f3a8e4b2d7c9a0f1e2d",
      message_type: "ANSWER",
      text: "Three: a saw, a plane and a drill…",
      create_time: 1696337722104
    }
  ]
}
