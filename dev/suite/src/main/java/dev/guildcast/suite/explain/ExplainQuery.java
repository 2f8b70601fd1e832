package dev.guildcast.suite.explain;

import dev.guildcast.suite.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A user and a channel to explain, with their names in the world.
///
/// @param user its name
/// @param channel its name
/// @param guild its name
public record ExplainQuery(String user, long userId, String channel, long channelId, String guild, long guildId) {
    /// Finds both by name or id.
    ///
    /// @param guild name or id of the guild, needed if several have such a channel; empty otherwise
    /// @throws IllegalArgumentException if there is no match, or more than one; the message is for the user
    public static ExplainQuery find(World world, String user, String channel, String guild) {
        JsonNode userNode = world.tokens().properties().stream()
                .map(entry -> entry.getValue().path("user"))
                .filter(each -> user.equals(each.path("username").asString(""))
                        || user.equals(each.path("id").asString("")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no user '" + user + "' in this world: ./guildcast token lists them"));
        var matches = new ArrayList<ExplainQuery>();
        for (var each : world.guilds()) {
            if (guild.isEmpty() || isNameOrId(each.name(), each.id(), guild)) {
                for (var one : each.channels()) {
                    if (isNameOrId(one.name(), one.id(), channel)) {
                        matches.add(new ExplainQuery(
                                userNode.path("username").asString(""),
                                Long.parseUnsignedLong(userNode.path("id").asString("")),
                                one.name(),
                                one.id(),
                                each.name(),
                                each.id()));
                    }
                }
            }
        }
        if (matches.size() == 1) {
            return matches.getFirst();
        }
        throw new IllegalArgumentException(
                matches.isEmpty()
                        ? "no channel '" + channel + "' in this world (expected one of " + channelNames(world) + ")"
                        : "'" + channel + "' is in " + guildNames(matches) + ": choose one with --guild");
    }

    private static boolean isNameOrId(String name, long id, String wanted) {
        return wanted.equals(name) || wanted.equals(Long.toUnsignedString(id));
    }

    private static String channelNames(World world) {
        return world.guilds().stream()
                .flatMap(guild -> guild.channels().stream())
                .map(World.Channel::name)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String guildNames(List<ExplainQuery> queries) {
        return queries.stream().map(ExplainQuery::guild).collect(Collectors.joining(" and in "));
    }
}
