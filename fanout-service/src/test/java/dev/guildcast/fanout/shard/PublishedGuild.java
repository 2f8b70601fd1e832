package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import org.junit.jupiter.api.BeforeEach;

/// A guild shard with one guild: an owner, a bot and a human, who see one text and one voice channel; another text
/// channel is hidden from all but the owner and the staff, of whom there is none yet.
abstract class PublishedGuild {
    static final long G = 100;
    static final long OWNER = 1;
    static final long BOT = 2;
    static final long HUMAN = 3;
    static final long STAFF = 50;
    static final long TEXT = 200;
    static final long HIDDEN = 201;
    static final long VOICE = 202;
    static final long VIEW = Permissions.VIEW_CHANNEL;
    static final long EVERYTHING = Intents.KNOWN;

    final GuildShardHarness shard = new GuildShardHarness();

    @BeforeEach
    void publishGuild() {
        shard.record(part(
                G,
                "v1",
                guild(OWNER, "G"),
                role(G, VIEW),
                role(STAFF, VIEW | Permissions.MANAGE_THREADS),
                channel(TEXT, 0),
                channel(HIDDEN, 0, overwrite(G, true, 0, VIEW), overwrite(STAFF, true, VIEW, 0)),
                channel(VOICE, 2),
                member(OWNER),
                member(BOT),
                member(HUMAN)));
        shard.record(end(G, "v1"));
        assertThat(shard.deadLetters).isEmpty();
    }
}
