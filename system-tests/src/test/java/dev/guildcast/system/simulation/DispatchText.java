package dev.guildcast.system.simulation;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The part of a dispatch that the oracles compare.
///
/// @param guild 0 without one
/// @param channel 0 without one
record DispatchText(
        String text, long guild, long channel, String name, TreeMap<Long, String> channels, String readySession) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static DispatchText of(String type, byte[] data) {
        JsonNode json = JSON.readTree(data);
        var channels = new TreeMap<Long, String>();
        long guild = id(json, "guild_id");
        long channel = id(json, "channel_id");
        String name = "";
        String text;
        if (type.equals("READY")) {
            return new DispatchText(
                    "READY", 0, 0, "", channels, json.get("session_id").asString());
        }
        if (type.equals("GUILD_CREATE") || type.equals("GUILD_DELETE")) {
            guild = id(json, "id");
        }
        if (type.startsWith("CHANNEL_")) {
            channel = id(json, "id");
            name = json.get("name").asString();
        }
        if (json.has("n")) {
            text = type + " " + new String(data, StandardCharsets.UTF_8);
        } else {
            text = switch (type) {
                case "GUILD_CREATE" -> {
                    json.get("channels")
                            .forEach(each -> channels.put(
                                    id(each, "id"), each.get("name").asString()));
                    var roles = new TreeMap<Long, String>();
                    json.get("roles")
                            .forEach(each -> roles.put(
                                    id(each, "id"), each.get("permissions").asString()));
                    yield formatGuildCreate(guild, json.get("name").asString(), channels, roles);
                }
                case "GUILD_DELETE" -> type + " " + guild;
                case "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE" -> format(type, channel, name);
                case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE" ->
                    format(
                            type,
                            id(json.get("role"), "id"),
                            json.get("role").get("permissions").asString());
                case "GUILD_ROLE_DELETE" -> format(type, id(json, "role_id"), "");
                case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE" ->
                    format(type, id(json.get("user"), "id"), json.get("nick").asString());
                case "GUILD_MEMBER_REMOVE" -> format(type, id(json.get("user"), "id"), "");
                case "GUILD_MEMBERS_CHUNK" -> type + " " + json.get("nonce").asString();
                case "GUILD_UPDATE" ->
                    format(
                            type,
                            guild == 0 ? guild = id(json, "id") : guild,
                            json.get("name").asString());
                default -> throw new InvariantViolation("a dispatch of an unexpected type " + type);
            };
        }
        return new DispatchText(text, guild, channel, name, channels, "");
    }

    static String format(String type, long id, String detail) {
        return type + " " + id + " " + detail;
    }

    static String formatGuildCreate(
            long guild, String name, TreeMap<Long, String> channels, TreeMap<Long, String> roles) {
        return "GUILD_CREATE " + guild + " " + name + " channels " + channels + " roles " + roles;
    }

    private static long id(JsonNode json, String field) {
        var value = json.get(field);
        return value == null || value.isNull() ? 0 : Long.parseUnsignedLong(value.asString());
    }
}
