/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;

/** An ended span as plain immutable data: scrubbed, and free of the SDK's span object. */
record PlainSpan(
        SpanContext spanContext,
        SpanContext parentSpanContext,
        Resource resource,
        InstrumentationScopeInfo scope,
        String name,
        SpanKind kind,
        long startEpochNanos,
        long endEpochNanos,
        Attributes attributes,
        List<EventData> events,
        List<LinkData> links,
        StatusData status,
        int totalAttributeCount,
        int totalRecordedEvents,
        int totalRecordedLinks)
        implements SpanData {

    boolean isLocalRoot() {
        return !parentSpanContext.isValid() || parentSpanContext.isRemote();
    }

    PlainSpan withSpanContext(SpanContext context) {
        return copy(context, attributes, totalAttributeCount);
    }

    /** @param added how many attributes are new, so that the count of dropped ones stays right */
    PlainSpan withAttributes(Attributes more, int added) {
        return copy(spanContext, more, totalAttributeCount + added);
    }

    private PlainSpan copy(SpanContext context, Attributes newAttributes, int newTotal) {
        return new PlainSpan(
                context,
                parentSpanContext,
                resource,
                scope,
                name,
                kind,
                startEpochNanos,
                endEpochNanos,
                newAttributes,
                events,
                links,
                status,
                newTotal,
                totalRecordedEvents,
                totalRecordedLinks);
    }

    @Override
    public SpanContext getSpanContext() {
        return spanContext;
    }

    @Override
    public SpanContext getParentSpanContext() {
        return parentSpanContext;
    }

    @Override
    public Resource getResource() {
        return resource;
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still demands it; exporters read the scope
    public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
        return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create(
                scope.getName(), scope.getVersion(), scope.getSchemaUrl());
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return scope;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public SpanKind getKind() {
        return kind;
    }

    @Override
    public long getStartEpochNanos() {
        return startEpochNanos;
    }

    @Override
    public long getEndEpochNanos() {
        return endEpochNanos;
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public List<EventData> getEvents() {
        return events;
    }

    @Override
    public List<LinkData> getLinks() {
        return links;
    }

    @Override
    public StatusData getStatus() {
        return status;
    }

    @Override
    public boolean hasEnded() {
        return true;
    }

    @Override
    public int getTotalAttributeCount() {
        return totalAttributeCount;
    }

    @Override
    public int getTotalRecordedEvents() {
        return totalRecordedEvents;
    }

    @Override
    public int getTotalRecordedLinks() {
        return totalRecordedLinks;
    }
}
