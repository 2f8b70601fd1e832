package dev.guildcast.contract.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.catalogue.EventRule.Route;
import dev.guildcast.shard.v1.Lane;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Generates `docs/events.md` from the table, and fails when the two differ.
class EventsPageTest {
    private static final Path PAGE = Path.of("../docs/events.md");
    private static final String REGENERATE =
            "./mvnw -pl common-proto test -Dtest=EventsPageTest -Dguildcast.regenerate=true";

    @Test
    void thePageMatchesTheTable() throws IOException {
        var page = page();
        if (Boolean.getBoolean("guildcast.regenerate")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/events.md is stale; regenerate it with: %s", REGENERATE)
                .isEqualTo(page);
    }

    private static String page() throws IOException {
        var template = Files.readString(Path.of("src/test/resources/events-page.md"));
        var table = new StringBuilder();
        for (var rule : EventTable.rules()) {
            if (rule.route() != Route.GATEWAY_ONLY) {
                table.append("| ").append(String.join(" | ", cells(rule))).append(" |\n");
            }
        }
        return template.replace("{{table}}", table.toString().stripTrailing());
    }

    private static List<String> cells(EventRule rule) {
        var ids = new ArrayList<String>();
        if (rule.route() != Route.USERS) {
            ids.add(rule.guildField() + (rule.route() == Route.GUILD_OR_USERS ? "?" : ""));
        }
        if ((rule.audience() == EventRule.AudienceKind.CHANNEL || rule.audience() == EventRule.AudienceKind.CONNECTED)
                && !ids.contains(rule.channelField())) {
            ids.add(rule.channelField());
        }
        rule.ids().stream().filter(id -> !ids.contains(id)).forEach(ids::add);
        return List.of(
                "`" + rule.type() + "`",
                audience(rule),
                String.join(", ", ids.stream().map(id -> "`" + id + "`").toList()),
                permissions(rule),
                intents(rule),
                lane(rule),
                rule.change() == null ? "" : rule.change().description(),
                content(rule));
    }

    private static String audience(EventRule rule) {
        if (rule.route() == Route.USERS) {
            return rule.shardZeroOnly() ? "`users`, shard 0" : "`users`, else the user itself; every client shard";
        }
        var guild = switch (rule.audience()) {
            case MEMBERS -> "members";
            case CHANNEL -> "who may view `" + rule.channelField() + "`";
            case CHANNEL_IF_ANY -> "who may view `" + rule.channelField() + "`, or all members if there is none";
            case CONNECTED -> "who is connected to `" + rule.channelField() + "` and may view it";
            case SCHEDULED_EVENT -> "who may view the channel of the scheduled event, or all members if it has none";
            case NAMED_USERS ->
                rule.type().equals("INTERACTION_CREATE") ? "`users`, members or not" : "`users` of the guild";
            case SUBJECT -> "the user of `user_id`, if it may view `id`";
            case NAMED_SESSIONS -> "the sessions that the voice service names; not published from outside";
        };
        var subjectRule = switch (rule.subjectRule()) {
            case NONE -> "";
            case SUBJECT_ALWAYS -> "; the user of `user` whatever its intents";
            case SUBJECT_NEVER -> ", but not the user of `user`";
            case THREAD_MEMBERS -> "; users who are added or removed need GUILDS only";
        };
        return guild + subjectRule + (rule.route() == Route.GUILD_OR_USERS ? ". Direct: `users`" : "");
    }

    private static String permissions(EventRule rule) {
        return String.join(
                " or ",
                rule.permissions().stream()
                        .map(bits -> name(Permissions.class, bits))
                        .toList());
    }

    private static String intents(EventRule rule) {
        var guild = rule.intents() == 0 ? "none" : name(Intents.class, rule.intents());
        return rule.directIntents() == 0 ? guild : guild + ". Direct: " + name(Intents.class, rule.directIntents());
    }

    private static String lane(EventRule rule) {
        return rule.lane() == Lane.EPHEMERAL ? "ephemeral" : "durable";
    }

    private static String content(EventRule rule) {
        return switch (rule.content()) {
            case PLAIN -> "";
            case MESSAGE -> "content is blank, except for the author and mentioned users";
            case AUTO_MODERATION -> "the matched content is blank, except for its author";
        };
    }

    private static String name(Class<?> constants, long bits) {
        for (var field : constants.getFields()) {
            try {
                if (Modifier.isStatic(field.getModifiers()) && field.getLong(null) == bits) {
                    return field.getName();
                }
            } catch (IllegalAccessException e) {
                throw new LinkageError(field.getName(), e);
            }
        }
        throw new AssertionError(Long.toString(bits));
    }
}
