package dev.guildcast.backend.token;

import tools.jackson.databind.JsonNode;

/// The user that a request's token belongs to.
///
/// @param user object, as clients see it
public record Caller(JsonNode user) {
    public String id() {
        return user.path("id").asString("");
    }
}
