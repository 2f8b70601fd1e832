package dev.guildcast.fanout.query;

import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.audience.v1.ExplainRequest;
import dev.guildcast.audience.v1.ExplainResponse;
import dev.guildcast.audience.v1.ExplainStep;
import dev.guildcast.audience.v1.MembersPage;
import dev.guildcast.audience.v1.MembersQuery;
import dev.guildcast.audience.v1.StatsResponse;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.audience.v1.VoiceJoinResponse;
import dev.guildcast.audience.v1.VoiceJoinResponse.Verdict;
import dev.guildcast.contract.Permissions;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.PermissionRules;
import dev.guildcast.fanout.json.JsonWriter;
import dev.guildcast.fanout.payload.EntityJson;
import dev.guildcast.fanout.shard.GuildShard;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.fanout.view.VoiceState;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Answers queries from a guild's view.
///
/// On the shard's loop; read-only.
final class GuildQueryHandler {
    /// Members of one page: bounds how long a query occupies the shard's loop; at some 500 bytes a member, a page is
    /// far below the 4 MB that a gRPC client receives by default.
    static final int PAGE_MAX = 1000;

    private final GuildShard shard;

    GuildQueryHandler(GuildShard shard) {
        this.shard = shard;
    }

    Optional<ExplainResponse> explain(ExplainRequest request) {
        return shard.view(request.getGuildId()).map(view -> {
            var response = ExplainResponse.newBuilder();
            Member member = view.member(request.getUserId());
            Channel channel = view.channel(request.getChannelId());
            response.setMember(member != null);
            if (member == null) {
                return response.addSteps(step("no member of the guild", 0)).build();
            }
            if (channel == null) {
                response.addSteps(step("no such channel", 0));
            } else {
                long held = PermissionRules.of(
                        view,
                        member,
                        channel,
                        shard.nowMillis(),
                        (rule, permissions) -> response.addSteps(step(rule, permissions)));
                response.setSees((held & Permissions.VIEW_CHANNEL) != 0);
            }
            shard.audience(request.getGuildId())
                    .ifPresent(audience -> audience.sessionsOf(request.getUserId())
                            .forEach(session -> response.addSessions(session.shard() + "@" + session.offset())));
            return response.build();
        });
    }

    /// The page after a user; without users when it was the last.
    Optional<MembersPage> members(MembersQuery query) {
        int limit = query.getLimit() <= 0 ? PAGE_MAX : Math.min(PAGE_MAX, query.getLimit());
        return shard.view(query.getGuildId()).map(view -> {
            var page = MembersPage.newBuilder();
            view.members().tailMap(query.getAfterUserId(), false).values().stream()
                    .limit(limit)
                    .forEach(member -> page.addUserIds(member.userId())
                            .addMembers(UnsafeByteOperations.unsafeWrap(memberJson(member, view))));
            return page.build();
        });
    }

    Optional<StatsResponse> stats(long guild) {
        return shard.view(guild).map(view -> {
            var stats = StatsResponse.newBuilder()
                    .setVersion(view.status().version())
                    .setMembers(view.members().size());
            Optional<Audience> audience = shard.audience(guild);
            audience.ifPresent(all -> stats.setSubscriptions(all.size())
                    .setVisibilityClasses(all.classes().size()));
            return stats.build();
        });
    }

    /// Whether a user may join a voice channel; with channel 0 (to leave), only the member and its current channel.
    Optional<VoiceJoinResponse> voiceJoin(VoiceJoinRequest request) {
        return shard.view(request.getGuildId()).map(view -> {
            Member member = view.member(request.getUserId());
            if (member == null) {
                return VoiceJoinResponse.newBuilder()
                        .setVerdict(Verdict.NOT_A_MEMBER)
                        .build();
            }
            var response = VoiceJoinResponse.newBuilder()
                    .setMember(UnsafeByteOperations.unsafeWrap(memberJson(member, view)))
                    .setServerMute(flag(member, "mute"))
                    .setServerDeaf(flag(member, "deaf"));
            VoiceState present = view.voiceStates().get(request.getUserId());
            if (present != null) {
                response.setCurrentChannelId(present.channelId()).setCurrentSessionId(present.sessionId());
            }
            if (request.getChannelId() == 0) {
                return response.setVerdict(Verdict.ALLOWED).build();
            }
            Channel channel = view.channel(request.getChannelId());
            if (channel == null || !channel.voice()) {
                return response.setVerdict(Verdict.NO_SUCH_CHANNEL).build();
            }
            return response.setVerdict(verdict(view, member, channel))
                    .setRegion(region(channel))
                    .build();
        });
    }

    private Verdict verdict(GuildView view, Member member, Channel channel) {
        long held = PermissionRules.of(view, member, channel, shard.nowMillis(), PermissionRules.StepListener.NONE);
        if ((held & Permissions.CONNECT) == 0) {
            return Verdict.NO_PERMISSION;
        }
        long others = view.voiceStates().values().stream()
                .filter(state -> state.channelId() == channel.id() && state.userId() != member.userId())
                .count();
        boolean full = channel.userLimit() > 0 && others >= channel.userLimit();
        return full && (held & Permissions.MOVE_MEMBERS) == 0 ? Verdict.FULL : Verdict.ALLOWED;
    }

    private static boolean flag(Member member, String name) {
        byte[] json = member.fields().get(name);
        return json != null && json.length == 4 && json[0] == 't';
    }

    private static String region(Channel channel) {
        byte[] json = channel.fields().get("rtc_region");
        String text = json == null ? "null" : new String(json, StandardCharsets.UTF_8);
        return text.equals("null") ? "" : text.replace("\"", "");
    }

    private static byte[] memberJson(Member member, GuildView view) {
        var out = new JsonWriter();
        EntityJson.member(out, member, view);
        return out.toBytes();
    }

    private static ExplainStep step(String rule, long permissions) {
        return ExplainStep.newBuilder()
                .setRule(rule)
                .setPermissions(permissions)
                .build();
    }
}
