package dev.guildcast.suite.explain;

import dev.guildcast.suite.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A user and a channel, as a world names them.
///
/// @param user its name
/// @param channel its name
/// @param guild its name
public record Place(String user, long userId, String channel, long channelId, String guild, long guildId) {
    /// Finds both by name or id.
    ///
    /// @param guild name or id of the guild, where several have such a channel; empty: whichever has it
    /// @throws IllegalArgumentException if there is none such, or more than one; the message is a sentence
    public static Place find(World world, String user, String channel, String guild) {
        JsonNode who = world.tokens().properties().stream()
                .map(entry -> entry.getValue().path("user"))
                .filter(each -> isNamed(each, "username", user))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no user '" + user + "' in this world: ./guildcast token lists them"));
        var found = new ArrayList<Place>();
        for (var each : world.guilds()) {
            if (guild.isEmpty() || isNamed(each, "name", guild)) {
                for (var one : each.path("channels").values()) {
                    if (isNamed(one, "name", channel)) {
                        found.add(new Place(
                                who.path("username").asString(""),
                                id(who),
                                one.path("name").asString(""),
                                id(one),
                                each.path("name").asString(""),
                                id(each)));
                    }
                }
            }
        }
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new IllegalArgumentException(
                found.isEmpty()
                        ? "no channel '" + channel + "' in this world (expected one of " + names(world) + ")"
                        : "'" + channel + "' is in " + guilds(found) + ": name one by --guild");
    }

    private static boolean isNamed(JsonNode node, String field, String wanted) {
        return wanted.equals(node.path(field).asString(""))
                || wanted.equals(node.path("id").asString(""));
    }

    private static long id(JsonNode node) {
        return Long.parseUnsignedLong(node.path("id").asString(""));
    }

    private static String names(World world) {
        return world.guilds().stream()
                .flatMap(guild -> guild.path("channels").valueStream())
                .map(channel -> channel.path("name").asString(""))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String guilds(List<Place> places) {
        return places.stream().map(Place::guild).collect(Collectors.joining(" and in "));
    }
}
