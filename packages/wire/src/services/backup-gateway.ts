/** The gateway service: 25 operations over awsJson1.0 (GW-1 to GW-8). */
import * as d from '../model/describe.ts';
import { defineService } from '../model/service.ts';
import {
  ActivationKey,
  BandwidthRateLimitInterval,
  Gateway,
  GatewayArn,
  GatewayDetails,
  GatewayType,
  Host,
  Hypervisor,
  HypervisorDetails,
  IamRoleArn,
  KmsKeyArn,
  LogGroupArn,
  Name,
  NextToken,
  Password,
  ResourceArn,
  ServerArn,
  Tag,
  TagKey,
  Username,
  VirtualMachine,
  VirtualMachineDetails,
  VmwareToAwsTagMapping,
} from './backup-gateway-shapes.ts';

const AssociateGatewayToServerInput = d.structure('AssociateGatewayToServerInput', {
  GatewayArn: d.required(GatewayArn),
  ServerArn: d.required(ServerArn),
});
const AssociateGatewayToServerOutput = d.structure('AssociateGatewayToServerOutput', { GatewayArn: GatewayArn });
const CreateGatewayInput = d.structure('CreateGatewayInput', {
  ActivationKey: d.required(ActivationKey),
  GatewayDisplayName: d.required(Name),
  GatewayType: d.required(GatewayType),
  Tags: d.list(Tag),
});
const CreateGatewayOutput = d.structure('CreateGatewayOutput', { GatewayArn: GatewayArn });
const DeleteGatewayInput = d.structure('DeleteGatewayInput', { GatewayArn: d.required(GatewayArn) });
const DeleteGatewayOutput = d.structure('DeleteGatewayOutput', { GatewayArn: GatewayArn });
const DeleteHypervisorInput = d.structure('DeleteHypervisorInput', { HypervisorArn: d.required(ServerArn) });
const DeleteHypervisorOutput = d.structure('DeleteHypervisorOutput', { HypervisorArn: ServerArn });
const DisassociateGatewayFromServerInput = d.structure('DisassociateGatewayFromServerInput', {
  GatewayArn: d.required(GatewayArn),
});
const DisassociateGatewayFromServerOutput = d.structure('DisassociateGatewayFromServerOutput', {
  GatewayArn: GatewayArn,
});
const GetBandwidthRateLimitScheduleInput = d.structure('GetBandwidthRateLimitScheduleInput', {
  GatewayArn: d.required(GatewayArn),
});
const GetBandwidthRateLimitScheduleOutput = d.structure('GetBandwidthRateLimitScheduleOutput', {
  GatewayArn: GatewayArn,
  BandwidthRateLimitIntervals: d.list(BandwidthRateLimitInterval, { maxLength: 20 }),
});
const GetGatewayInput = d.structure('GetGatewayInput', { GatewayArn: d.required(GatewayArn) });
const GetGatewayOutput = d.structure('GetGatewayOutput', { Gateway: GatewayDetails });
const GetHypervisorInput = d.structure('GetHypervisorInput', { HypervisorArn: d.required(ServerArn) });
const GetHypervisorOutput = d.structure('GetHypervisorOutput', { Hypervisor: HypervisorDetails });
const GetHypervisorPropertyMappingsInput = d.structure('GetHypervisorPropertyMappingsInput', {
  HypervisorArn: d.required(ServerArn),
});
const GetHypervisorPropertyMappingsOutput = d.structure('GetHypervisorPropertyMappingsOutput', {
  HypervisorArn: ServerArn,
  VmwareToAwsTagMappings: d.list(VmwareToAwsTagMapping),
  IamRoleArn: IamRoleArn,
});
const GetVirtualMachineInput = d.structure('GetVirtualMachineInput', { ResourceArn: d.required(ResourceArn) });
const GetVirtualMachineOutput = d.structure('GetVirtualMachineOutput', { VirtualMachine: VirtualMachineDetails });
const ImportHypervisorConfigurationInput = d.structure('ImportHypervisorConfigurationInput', {
  Name: d.required(Name),
  Host: d.required(Host),
  Username: d.sensitive(Username),
  Password: d.sensitive(Password),
  KmsKeyArn: KmsKeyArn,
  Tags: d.list(Tag),
});
const ImportHypervisorConfigurationOutput = d.structure('ImportHypervisorConfigurationOutput', {
  HypervisorArn: ServerArn,
});
const ListGatewaysInput = d.structure('ListGatewaysInput', { MaxResults: d.integer({ min: 1 }), NextToken: NextToken });
const ListGatewaysOutput = d.structure('ListGatewaysOutput', { Gateways: d.list(Gateway), NextToken: NextToken });
const ListHypervisorsInput = d.structure('ListHypervisorsInput', {
  MaxResults: d.integer({ min: 1 }),
  NextToken: NextToken,
});
const ListHypervisorsOutput = d.structure('ListHypervisorsOutput', {
  Hypervisors: d.list(Hypervisor),
  NextToken: NextToken,
});
const ListTagsForResourceInput = d.structure('ListTagsForResourceInput', { ResourceArn: d.required(ResourceArn) });
const ListTagsForResourceOutput = d.structure('ListTagsForResourceOutput', {
  ResourceArn: ResourceArn,
  Tags: d.list(Tag),
});
const ListVirtualMachinesInput = d.structure('ListVirtualMachinesInput', {
  HypervisorArn: ServerArn,
  MaxResults: d.integer({ min: 1 }),
  NextToken: NextToken,
});
const ListVirtualMachinesOutput = d.structure('ListVirtualMachinesOutput', {
  VirtualMachines: d.list(VirtualMachine),
  NextToken: NextToken,
});
const PutBandwidthRateLimitScheduleInput = d.structure('PutBandwidthRateLimitScheduleInput', {
  GatewayArn: d.required(GatewayArn),
  BandwidthRateLimitIntervals: d.required(d.list(BandwidthRateLimitInterval, { maxLength: 20 })),
});
const PutBandwidthRateLimitScheduleOutput = d.structure('PutBandwidthRateLimitScheduleOutput', {
  GatewayArn: GatewayArn,
});
const PutHypervisorPropertyMappingsInput = d.structure('PutHypervisorPropertyMappingsInput', {
  HypervisorArn: d.required(ServerArn),
  VmwareToAwsTagMappings: d.required(d.list(VmwareToAwsTagMapping)),
  IamRoleArn: d.required(IamRoleArn),
});
const PutHypervisorPropertyMappingsOutput = d.structure('PutHypervisorPropertyMappingsOutput', {
  HypervisorArn: ServerArn,
});
const PutMaintenanceStartTimeInput = d.structure('PutMaintenanceStartTimeInput', {
  GatewayArn: d.required(GatewayArn),
  HourOfDay: d.required(d.integer({ min: 0, max: 23 })),
  MinuteOfHour: d.required(d.integer({ min: 0, max: 59 })),
  DayOfWeek: d.integer({ min: 0, max: 6 }),
  DayOfMonth: d.integer({ min: 1, max: 31 }),
});
const PutMaintenanceStartTimeOutput = d.structure('PutMaintenanceStartTimeOutput', { GatewayArn: GatewayArn });
const StartVirtualMachinesMetadataSyncInput = d.structure('StartVirtualMachinesMetadataSyncInput', {
  HypervisorArn: d.required(ServerArn),
});
const StartVirtualMachinesMetadataSyncOutput = d.structure('StartVirtualMachinesMetadataSyncOutput', {
  HypervisorArn: ServerArn,
});
const TagResourceInput = d.structure('TagResourceInput', {
  ResourceARN: d.required(ResourceArn),
  Tags: d.required(d.list(Tag)),
});
const TagResourceOutput = d.structure('TagResourceOutput', { ResourceARN: ResourceArn });
const TestHypervisorConfigurationInput = d.structure('TestHypervisorConfigurationInput', {
  GatewayArn: d.required(GatewayArn),
  Host: d.required(Host),
  Username: d.sensitive(Username),
  Password: d.sensitive(Password),
});
const TestHypervisorConfigurationOutput = d.structure('TestHypervisorConfigurationOutput', {});
const UntagResourceInput = d.structure('UntagResourceInput', {
  ResourceARN: d.required(ResourceArn),
  TagKeys: d.required(d.list(TagKey)),
});
const UntagResourceOutput = d.structure('UntagResourceOutput', { ResourceARN: ResourceArn });
const UpdateGatewayInformationInput = d.structure('UpdateGatewayInformationInput', {
  GatewayArn: d.required(GatewayArn),
  GatewayDisplayName: Name,
});
const UpdateGatewayInformationOutput = d.structure('UpdateGatewayInformationOutput', { GatewayArn: GatewayArn });
const UpdateGatewaySoftwareNowInput = d.structure('UpdateGatewaySoftwareNowInput', {
  GatewayArn: d.required(GatewayArn),
});
const UpdateGatewaySoftwareNowOutput = d.structure('UpdateGatewaySoftwareNowOutput', { GatewayArn: GatewayArn });
const UpdateHypervisorInput = d.structure('UpdateHypervisorInput', {
  HypervisorArn: d.required(ServerArn),
  Host: Host,
  Username: d.sensitive(Username),
  Password: d.sensitive(Password),
  Name: Name,
  LogGroupArn: LogGroupArn,
});
const UpdateHypervisorOutput = d.structure('UpdateHypervisorOutput', { HypervisorArn: ServerArn });

const schemas = {
  AssociateGatewayToServer: d.operation('AssociateGatewayToServer', {
    input: AssociateGatewayToServerInput,
    output: AssociateGatewayToServerOutput,
  }),
  CreateGateway: d.operation('CreateGateway', { input: CreateGatewayInput, output: CreateGatewayOutput }),
  DeleteGateway: d.operation('DeleteGateway', { input: DeleteGatewayInput, output: DeleteGatewayOutput }),
  DeleteHypervisor: d.operation('DeleteHypervisor', { input: DeleteHypervisorInput, output: DeleteHypervisorOutput }),
  DisassociateGatewayFromServer: d.operation('DisassociateGatewayFromServer', {
    input: DisassociateGatewayFromServerInput,
    output: DisassociateGatewayFromServerOutput,
  }),
  GetBandwidthRateLimitSchedule: d.operation('GetBandwidthRateLimitSchedule', {
    input: GetBandwidthRateLimitScheduleInput,
    output: GetBandwidthRateLimitScheduleOutput,
  }),
  GetGateway: d.operation('GetGateway', { input: GetGatewayInput, output: GetGatewayOutput }),
  GetHypervisor: d.operation('GetHypervisor', { input: GetHypervisorInput, output: GetHypervisorOutput }),
  GetHypervisorPropertyMappings: d.operation('GetHypervisorPropertyMappings', {
    input: GetHypervisorPropertyMappingsInput,
    output: GetHypervisorPropertyMappingsOutput,
  }),
  GetVirtualMachine: d.operation('GetVirtualMachine', {
    input: GetVirtualMachineInput,
    output: GetVirtualMachineOutput,
  }),
  ImportHypervisorConfiguration: d.operation('ImportHypervisorConfiguration', {
    input: ImportHypervisorConfigurationInput,
    output: ImportHypervisorConfigurationOutput,
  }),
  ListGateways: d.operation('ListGateways', { input: ListGatewaysInput, output: ListGatewaysOutput }),
  ListHypervisors: d.operation('ListHypervisors', { input: ListHypervisorsInput, output: ListHypervisorsOutput }),
  ListTagsForResource: d.operation('ListTagsForResource', {
    input: ListTagsForResourceInput,
    output: ListTagsForResourceOutput,
  }),
  ListVirtualMachines: d.operation('ListVirtualMachines', {
    input: ListVirtualMachinesInput,
    output: ListVirtualMachinesOutput,
  }),
  PutBandwidthRateLimitSchedule: d.operation('PutBandwidthRateLimitSchedule', {
    input: PutBandwidthRateLimitScheduleInput,
    output: PutBandwidthRateLimitScheduleOutput,
  }),
  PutHypervisorPropertyMappings: d.operation('PutHypervisorPropertyMappings', {
    input: PutHypervisorPropertyMappingsInput,
    output: PutHypervisorPropertyMappingsOutput,
  }),
  PutMaintenanceStartTime: d.operation('PutMaintenanceStartTime', {
    input: PutMaintenanceStartTimeInput,
    output: PutMaintenanceStartTimeOutput,
  }),
  StartVirtualMachinesMetadataSync: d.operation('StartVirtualMachinesMetadataSync', {
    input: StartVirtualMachinesMetadataSyncInput,
    output: StartVirtualMachinesMetadataSyncOutput,
  }),
  TagResource: d.operation('TagResource', { input: TagResourceInput, output: TagResourceOutput }),
  TestHypervisorConfiguration: d.operation('TestHypervisorConfiguration', {
    input: TestHypervisorConfigurationInput,
    output: TestHypervisorConfigurationOutput,
  }),
  UntagResource: d.operation('UntagResource', { input: UntagResourceInput, output: UntagResourceOutput }),
  UpdateGatewayInformation: d.operation('UpdateGatewayInformation', {
    input: UpdateGatewayInformationInput,
    output: UpdateGatewayInformationOutput,
  }),
  UpdateGatewaySoftwareNow: d.operation('UpdateGatewaySoftwareNow', {
    input: UpdateGatewaySoftwareNowInput,
    output: UpdateGatewaySoftwareNowOutput,
  }),
  UpdateHypervisor: d.operation('UpdateHypervisor', { input: UpdateHypervisorInput, output: UpdateHypervisorOutput }),
  AccessDeniedException: d.errorShape('AccessDeniedException', 400, {
    ErrorCode: d.required(d.string()),
    Message: d.string(),
  }),
  ConflictException: d.errorShape('ConflictException', 400, { ErrorCode: d.required(d.string()), Message: d.string() }),
  InternalServerException: d.errorShape('InternalServerException', 500, { ErrorCode: d.string(), Message: d.string() }),
  ResourceNotFoundException: d.errorShape('ResourceNotFoundException', 400, {
    ErrorCode: d.string(),
    Message: d.string(),
  }),
  ThrottlingException: d.errorShape('ThrottlingException', 400, {
    ErrorCode: d.required(d.string()),
    Message: d.string(),
  }),
  ValidationException: d.errorShape('ValidationException', 400, { ErrorCode: d.string(), Message: d.string() }),
};

export const backupGateway = defineService({
  name: 'backup-gateway',
  protocols: ['awsJson1_0'],
  targetPrefix: 'BackupOnPremises_v20210101',
  apiVersion: '2021-01-01',
  schemas,
});
