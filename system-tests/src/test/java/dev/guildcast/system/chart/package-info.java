/// Renders the Helm chart as a platform team would and looks at what comes out, and at what is refused.
package dev.guildcast.system.chart;
