package dev.guildcast.backend.token;

import tools.jackson.databind.JsonNode;

/// Whose token it was.
///
/// @param user object, as clients see it
public record Caller(JsonNode user) {
    public String id() {
        return user.path("id").asString("");
    }
}
