# Every resource and data source of the provider that goes with backups and that Holdfast serves. `step` 2 changes what can be changed.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "step" {
  type    = number
  default = 1
}
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "eu"
  region = "eu-west-1"
}
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}

resource "aws_kms_key" "backup" {
  description             = "backups"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  tags                    = { team = "blue" }
}
resource "aws_kms_alias" "backup" {
  name          = "alias/backups"
  target_key_id = aws_kms_key.backup.key_id
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "backup" {
  name               = "backup-role"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags               = { team = "blue" }
}
resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}
resource "aws_iam_role_policy" "inline" {
  role   = aws_iam_role.backup.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "tag:GetResources", Resource = "*" }] })
}
resource "aws_iam_policy" "extra" {
  name   = "extra"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = var.step == 1 ? ["backup:ListBackupJobs"] : ["backup:ListBackupJobs", "backup:ListCopyJobs"], Resource = "*" }] })
}
data "aws_iam_policy" "managed" {
  arn = "arn:aws:iam::aws:policy/AWSBackupFullAccess"
}
resource "aws_backup_vault" "main" {
  name        = "main"
  kms_key_arn = aws_kms_key.backup.arn
  tags        = var.step == 1 ? { a = "1", b = "2" } : { a = "3", c = "4" }
}
resource "aws_backup_vault" "plain" {
  name = "plain"
}
resource "aws_backup_vault" "abroad" {
  provider = aws.eu
  name     = "abroad"
}
resource "aws_backup_vault_lock_configuration" "main" {
  backup_vault_name   = aws_backup_vault.main.name
  changeable_for_days = 3
  min_retention_days  = var.step == 1 ? 7 : 8
  max_retention_days  = 1200
}
data "aws_iam_policy_document" "vault" {
  statement {
    effect = "Allow"
    principals {
      type        = "AWS"
      identifiers = [data.aws_caller_identity.me.account_id, aws_iam_role.backup.arn]
    }
    actions   = var.step == 1 ? ["backup:DescribeBackupVault", "backup:PutBackupVaultAccessPolicy", "backup:CopyIntoBackupVault"] : ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault", "backup:PutBackupVaultAccessPolicy"]
    resources = [aws_backup_vault.main.arn]
  }
}
resource "aws_backup_vault_policy" "main" {
  backup_vault_name = aws_backup_vault.main.name
  policy            = data.aws_iam_policy_document.vault.json
}
resource "aws_backup_vault_notifications" "main" {
  backup_vault_name   = aws_backup_vault.main.name
  sns_topic_arn       = "arn:aws:sns:us-east-1:${data.aws_caller_identity.me.account_id}:backups"
  backup_vault_events = ["BACKUP_JOB_STARTED", "RESTORE_JOB_COMPLETED"]
}
resource "aws_backup_logically_air_gapped_vault" "lag" {
  name               = "lag-vault"
  min_retention_days = 7
  max_retention_days = 10
}
resource "aws_backup_plan" "main" {
  name = "main-plan"
  rule {
    rule_name           = "daily"
    target_vault_name   = aws_backup_vault.main.name
    schedule            = "cron(0 12 * * ? *)"
    recovery_point_tags = { kind = "daily" }
    lifecycle {
      cold_storage_after = 30
      delete_after       = 180
    }
    copy_action {
      destination_vault_arn = aws_backup_vault.abroad.arn
      lifecycle {
        cold_storage_after = 30
        delete_after       = 180
      }
    }
  }
  rule {
    rule_name                    = "weekly"
    target_vault_name            = aws_backup_vault.plain.name
    schedule                     = "cron(0 10 ? * 6L *)"
    schedule_expression_timezone = "Pacific/Tahiti"
    enable_continuous_backup     = false
    start_window                 = var.step == 1 ? 60 : 120
    completion_window            = 300
  }
  dynamic "rule" {
    for_each = var.step == 1 ? [1] : []
    content {
      rule_name         = "gone-later"
      target_vault_name = aws_backup_vault.plain.name
      schedule          = "cron(0 1 * * ? *)"
      lifecycle {
        delete_after = 14
      }
    }
  }
  advanced_backup_setting {
    backup_options = { WindowsVSS = var.step == 1 ? "enabled" : "disabled" }
    resource_type  = "EC2"
  }
  tags = { team = "blue" }
}
resource "aws_backup_selection" "tags" {
  name         = "by-tags"
  plan_id      = aws_backup_plan.main.id
  iam_role_arn = aws_iam_role.backup.arn
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "Environment"
    value = "prod"
  }
  condition {
    string_equals {
      key   = "aws:ResourceTag/Component"
      value = "rds"
    }
    string_like {
      key   = "aws:ResourceTag/Application"
      value = "app*"
    }
    string_not_equals {
      key   = "aws:ResourceTag/Backup"
      value = "false"
    }
    string_not_like {
      key   = "aws:ResourceTag/Environment"
      value = "test*"
    }
  }
  resources = ["*"]
}
resource "aws_backup_selection" "arns" {
  name          = "by-arns"
  plan_id       = aws_backup_plan.main.id
  iam_role_arn  = aws_iam_role.backup.arn
  resources     = ["arn:aws:ec2:us-east-1:123456789012:volume/*", "arn:aws:dynamodb:*:*:table/orders"]
  not_resources = ["arn:aws:ec2:us-east-1:123456789012:volume/vol-1"]
}
resource "aws_backup_region_settings" "here" {
  resource_type_opt_in_preference = {
    "Aurora"          = true, "CloudFormation" = true, "DSQL" = true, "DocumentDB" = var.step == 1, "DynamoDB" = true, "EBS" = true, "EC2" = true, "EFS" = true,
    "FSx"             = true, "Neptune" = true, "RDS" = true, "Redshift" = true, "Redshift Serverless" = true, "S3" = true, "SAP HANA on Amazon EC2" = true,
    "Storage Gateway" = true, "Timestream" = true, "VirtualMachine" = true
  }
  resource_type_management_preference = { "DynamoDB" = true, "EFS" = true }
}
resource "aws_organizations_organization" "org" {
  feature_set                   = "ALL"
  enabled_policy_types          = ["BACKUP_POLICY", "SERVICE_CONTROL_POLICY"]
  aws_service_access_principals = ["backup.amazonaws.com"]
}
resource "aws_organizations_organizational_unit" "ou" {
  name      = "workloads"
  parent_id = aws_organizations_organization.org.roots[0].id
}
resource "aws_organizations_policy" "scp" {
  name       = "deny-leave"
  type       = "SERVICE_CONTROL_POLICY"
  content    = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "organizations:LeaveOrganization", Resource = "*" }] })
  depends_on = [aws_organizations_organization.org]
}
resource "aws_organizations_policy_attachment" "scp" {
  policy_id = aws_organizations_policy.scp.id
  target_id = aws_organizations_organizational_unit.ou.id
}
resource "aws_backup_global_settings" "g" {
  global_settings = { isCrossAccountBackupEnabled = var.step == 1 ? "true" : "false", isMpaEnabled = "false", isDelegatedAdministratorEnabled = "false" }
  depends_on      = [aws_organizations_organization.org]
}
resource "aws_ram_resource_share" "lag" {
  name                      = "lag-share"
  allow_external_principals = false
}
resource "aws_ram_resource_association" "lag" {
  resource_arn       = aws_backup_logically_air_gapped_vault.lag.arn
  resource_share_arn = aws_ram_resource_share.lag.arn
}
data "aws_backup_vault" "main" {
  name = aws_backup_vault.main.name
}
data "aws_backup_plan" "main" {
  plan_id = aws_backup_plan.main.id
}
data "aws_backup_selection" "arns" {
  plan_id      = aws_backup_plan.main.id
  selection_id = aws_backup_selection.arns.id
}
data "aws_kms_key" "k" {
  key_id = aws_kms_alias.backup.name
}
data "aws_kms_alias" "default" {
  name = "alias/aws/backup"
}
data "aws_organizations_organization" "o" {
  depends_on = [aws_organizations_organization.org]
}
output "points" { value = data.aws_backup_vault.main.recovery_points }
