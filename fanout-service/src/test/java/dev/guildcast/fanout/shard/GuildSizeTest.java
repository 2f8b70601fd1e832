package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.parse;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Guilds of extreme sizes are refused with a report, or cost what their size costs.
class GuildSizeTest extends PublishedGuild {
    @Test
    void aGuildThatIsTooLargeForOneGuildCreateIsUnavailableAndReported() {
        var large = guild(OWNER, "large").toBuilder();
        large.getGuildBuilder().addFields(field("description", "'" + "x".repeat(3 * 1024 * 1024) + "'"));
        shard.record(part(G, "v9", large.build()));
        var out = shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(types(out, BOT, 7)).containsExactly("GUILD_DELETE");
        assertThat(parse(dispatched(out, BOT, 7).getFirst()).get("unavailable").asBoolean())
                .isTrue();
        assertThat(shard.deadLetters).hasSize(1);
        assertThat(shard.deadLetters.getFirst()).startsWith("guild 100 takes ");
        // Nothing of a guild that the client does not have.
        assertThat(types(shard.event(message(G, TEXT, "hi")), BOT, 7)).isEmpty();
    }

    @Test
    void aQueryByPrefixCostsItsResultAndFollowsEveryChangeOfNames() {
        var names = new java.util.TreeMap<Long, String>();
        var random = new java.util.Random(1);
        shard.subscribe(G, BOT, 7, EVERYTHING);
        for (int i = 0; i < 2000; i++) {
            long user = 1000 + random.nextInt(300);
            if (random.nextInt(4) == 0 && names.remove(user) != null) {
                shard.event(event(G, "GUILD_MEMBER_REMOVE", memberGone(user)));
            } else {
                String name = "abcd".substring(random.nextInt(4)) + random.nextInt(5);
                names.put(user, name);
                var member = memberUpsert(user).setUsername(name).setNick(random.nextBoolean() ? "zz" + name : "");
                shard.event(event(
                        G,
                        "GUILD_MEMBER_UPDATE",
                        dev.guildcast.event.v1.Mutation.newBuilder()
                                .setMember(member)
                                .build()));
            }
            if (i % 20 == 0) {
                String prefix = "abcd".substring(random.nextInt(4));
                var view = shard.machine.view(G).orElseThrow();
                var expected = view.members().values().stream()
                        .filter(member -> member.username().startsWith(prefix)
                                || member.nick().startsWith(prefix))
                        .map(dev.guildcast.fanout.view.Member::userId)
                        .toList();
                assertThat(view.membersNamed(prefix, Integer.MAX_VALUE).stream()
                                .map(dev.guildcast.fanout.view.Member::userId))
                        .as("prefix %s after %d changes", prefix, i)
                        .containsExactlyElementsOf(expected);
                assertThat(view.membersNamed(prefix, 3)).hasSize(Math.min(3, expected.size()));
            }
        }
    }

    @Test
    void fieldsAreMergedInLinearTime() {
        var guild = guild(OWNER, "many").toBuilder();
        for (int i = 0; i < 47_000; i++) {
            guild.getGuildBuilder().addFields(field("f" + i, "1"));
        }
        guild.getGuildBuilder().setPartial(true);
        var update = event(G, "GUILD_UPDATE", guild.build());
        // Quadratic merging takes many seconds each time, linear merging some milliseconds.
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 5; i++) {
                shard.event(update);
            }
        });
        assertThat(shard.deadLetters).isEmpty();
    }
}
