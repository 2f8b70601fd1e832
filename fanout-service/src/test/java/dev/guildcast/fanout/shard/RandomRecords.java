package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.RecordFixtures.*;

import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.audience.v1.Unsubscribe;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.ShardId;
import dev.guildcast.event.v1.ContentVariant;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildGone;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.MemberUpsert;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.event.v1.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Random records of two small guilds, so that all kinds of records interleave.
final class RandomRecords {
    record Step(GuildRecord record, @Nullable ShardId source) {}

    private static final long[] INTENTS = {
        Intents.KNOWN,
        Intents.GUILDS,
        Intents.GUILDS | Intents.GUILD_MESSAGES,
        Intents.GUILD_MESSAGES | Intents.GUILD_MEMBERS,
        Intents.GUILDS | Intents.GUILD_MESSAGES | Intents.GUILD_MODERATION
    };

    private final Random random;
    private static final long START_MILLIS = 1_700_000_000_000L;
    private int steps;
    private long sequence;

    RandomRecords(Random random) {
        this.random = random;
    }

    Step next() {
        long guild = random.nextInt(8) == 0 ? 101 : 100;
        steps++;
        if (steps <= 2) {
            long first = steps == 1 ? 100 : 101;
            return plain(part(
                            first,
                            "first",
                            guild(user(), "G"),
                            role(first, Permissions.VIEW_CHANNEL),
                            role(51, Permissions.MANAGE_THREADS),
                            channel(200, 0),
                            channel(201, 0),
                            member(1, 51L),
                            member(2),
                            member(3, 52L))
                    .build());
        }
        int kind = random.nextInt(100);
        if (kind < 20) {
            long user = user();
            return new Step(
                    GuildRecord.newBuilder()
                            .setSubscribe(Subscribe.newBuilder()
                                    .setGuildId(guild)
                                    .setUserId(user)
                                    .setSessionOffset(1000 + user * 10 + random.nextInt(3))
                                    .setIntents(INTENTS[random.nextInt(INTENTS.length)])
                                    .setContent(random.nextBoolean())
                                    .setReason(SubscribeReason.forNumber(random.nextInt(2))))
                            .build(),
                    GuildShardHarness.ONE.sessionShard(user));
        }
        if (kind < 25) {
            long user = user();
            return new Step(
                    GuildRecord.newBuilder()
                            .setUnsubscribe(Unsubscribe.newBuilder()
                                    .setGuildId(guild)
                                    .setSessionOffset(1000 + user * 10 + random.nextInt(3)))
                            .build(),
                    GuildShardHarness.ONE.sessionShard(user));
        }
        if (kind < 50) {
            return plain(GuildRecord.newBuilder()
                    .setEvent(marked(messageEvent(guild)))
                    .build());
        }
        if (kind < 88) {
            Mutation mutation = mutation(guild);
            if (mutation.hasVoiceState()) {
                return plain(GuildRecord.newBuilder()
                        .setEvent(marked(voiceEvent(guild, mutation)))
                        .build());
            }
            return plain(GuildRecord.newBuilder()
                    .setEvent(marked(event(guild, typeOf(mutation), mutation)
                            .setPayload(GuildShardHarness.json("{'id':'" + channelOf(mutation) + "'}"))))
                    .build());
        }
        if (kind < 95) {
            var mutations = new ArrayList<Mutation>(List.of(guild(user(), "G" + random.nextInt(3))));
            for (int i = random.nextInt(8); i > 0; i--) {
                mutations.add(mutation(guild));
            }
            return plain(part(guild, "v" + random.nextInt(3), mutations.toArray(Mutation[]::new))
                    .build());
        }
        if (kind < 98) {
            return plain(end(guild, "v" + random.nextInt(3)).build());
        }
        if (kind == 98) {
            return plain(GuildRecord.newBuilder()
                    .setEvent(event(guild, "GUILD_DELETE", outage(random.nextInt(3) == 0)))
                    .build());
        }
        return plain(GuildRecord.newBuilder()
                .setEvent(event(
                        101,
                        "GUILD_DELETE",
                        Mutation.newBuilder()
                                .setGuildGone(GuildGone.getDefaultInstance())
                                .build()))
                .build());
    }

    private static GuildEvent.Builder voiceEvent(long guild, Mutation mutation) {
        long channel = mutation.getVoiceState().getChannelId();
        return event(guild, "VOICE_STATE_UPDATE", mutation)
                .setIntents(Intents.GUILD_VOICE_STATES)
                .setPayload(GuildShardHarness.json(
                        "{'user_id':'" + mutation.getVoiceState().getUserId() + "','channel_id':"
                                + (channel == 0 ? "null" : "'" + channel + "'") + "}"));
    }

    private GuildEvent.Builder marked(GuildEvent.Builder event) {
        if (random.nextInt(4) == 0) {
            sequence++;
            event.setPublication(Publication.newBuilder()
                    .setPublisher("p" + random.nextInt(2))
                    .setSequence(Math.max(0, sequence - random.nextInt(3)))
                    .setPart(random.nextInt(2)));
        }
        return event;
    }

    private GuildEvent.Builder messageEvent(long guild) {
        var event = message(guild, anyChannel(), "text", user(), user());
        if (random.nextInt(3) == 0) {
            event.clearPayloadRedacted();
        }
        if (random.nextInt(3) == 0) {
            event.addContentVariants(ContentVariant.newBuilder()
                    .setPayload(GuildShardHarness.json("{'content':'a part'}"))
                    .addUsers(event.getFullRecipients(0) % 8 + 1)
                    .addUsers(event.getFullRecipients(0)));
        }
        if (random.nextInt(4) == 0) {
            event.addExcludedUsers(user());
        }
        if (random.nextInt(4) == 0) {
            event.addSelfUsers(user()).setSelfIntents(random.nextBoolean() ? 0 : Intents.GUILDS);
        }
        if (random.nextInt(4) == 0) {
            event.addRequiredPermissions(Permissions.MANAGE_THREADS)
                    .addRequiredPermissions(Permissions.BAN_MEMBERS | Permissions.KICK_MEMBERS);
        }
        if (random.nextInt(5) == 0) {
            event.setMembers(dev.guildcast.event.v1.Members.getDefaultInstance());
        }
        return event;
    }

    Mutation mutation(long guild) {
        return switch (random.nextInt(12)) {
            case 0 -> role(random.nextInt(3) == 0 ? guild : 50 + random.nextInt(3), permissions());
            case 1 -> roleGone(50 + random.nextInt(3));
            case 2, 3 -> channel(200 + random.nextInt(3), random.nextInt(3) * 2, overwrites(guild));
            case 4 -> channelGone(anyChannel());
            case 5 -> thread(300 + random.nextInt(3), 11 + random.nextInt(2), 200 + random.nextInt(3), user());
            case 6 -> threadMembers(300 + random.nextInt(3), List.of(user()), List.of(user()));
            case 7, 8 -> member(user(), roles());
            case 9 -> memberGone(user());
            case 10 -> voice(user(), random.nextInt(3) == 0 ? 0 : 200 + random.nextInt(3));
            default -> timedOut();
        };
    }

    private Mutation timedOut() {
        MemberUpsert.Builder member = memberUpsert(user(), roles());
        return Mutation.newBuilder()
                .setMember(member.setTimedOutUntil(START_MILLIS + random.nextInt(30_000)))
                .build();
    }

    private static long channelOf(Mutation mutation) {
        return mutation.hasChannelGone()
                ? mutation.getChannelGone().getId()
                : mutation.getChannel().getId();
    }

    private static String typeOf(Mutation mutation) {
        return switch (mutation.getChangeCase()) {
            case ROLE -> "GUILD_ROLE_UPDATE";
            case CHANNEL -> mutation.getChannel().getThread() ? "THREAD_UPDATE" : "CHANNEL_UPDATE";
            case MEMBER -> "GUILD_MEMBER_ADD";
            default -> "CHANGED_" + mutation.getChangeCase();
        };
    }

    private long permissions() {
        long bits = 0;
        for (long each : new long[] {
            Permissions.VIEW_CHANNEL,
            Permissions.VIEW_CHANNEL,
            Permissions.MANAGE_THREADS,
            Permissions.BAN_MEMBERS,
            Permissions.KICK_MEMBERS
        }) {
            bits |= random.nextBoolean() ? each : 0;
        }
        return random.nextInt(12) == 0 ? Permissions.ADMINISTRATOR : bits;
    }

    private Overwrite[] overwrites(long guild) {
        var overwrites = new ArrayList<Overwrite>();
        if (random.nextInt(3) == 0) {
            overwrites.add(overwrite(guild, true, permissions(), permissions()));
        }
        for (long role = 50; role < 53; role++) {
            if (random.nextInt(3) == 0) {
                overwrites.add(overwrite(role, true, permissions(), permissions()));
            }
        }
        if (random.nextInt(3) == 0) {
            overwrites.add(overwrite(user(), false, permissions(), permissions()));
        }
        return overwrites.toArray(Overwrite[]::new);
    }

    private Long[] roles() {
        var roles = new ArrayList<Long>();
        for (long role = 50; role < 53; role++) {
            if (random.nextInt(3) == 0) {
                roles.add(role);
            }
        }
        return roles.toArray(Long[]::new);
    }

    private long anyChannel() {
        return (random.nextInt(3) == 0 ? 300 : 200) + random.nextInt(3);
    }

    private long user() {
        return 1L + random.nextInt(8);
    }

    private static Step plain(GuildRecord record) {
        return new Step(record, null);
    }
}
